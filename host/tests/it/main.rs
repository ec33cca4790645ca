//! Tests that run the binary. Panics are allowed in them, because they are marked as tests.
#![cfg(test)]

mod architecture;
mod build;
mod cases;
mod cli;
mod config;
mod corpus;
mod docs;
mod engines;
mod examples;
mod explain;
mod files;
mod formats;
mod hidden;
mod kubewarden;
mod lint;
#[cfg(unix)]
mod mirror;
mod module;
mod outputs;
mod packaging;
mod partners;
mod paths;
mod readme;
mod render;
#[cfg(unix)]
mod replaced;
mod reports;
mod roots;
mod serve;
mod status;
#[cfg(unix)]
mod stdout;
mod support;
mod testing;
mod verdict_diff;
mod width;
