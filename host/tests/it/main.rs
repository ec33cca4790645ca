//! Tests that run the binary. Each module is marked as a test, for the lints that allow panics only in tests.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod build;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod config;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod engines;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod files;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod kubewarden;
#[cfg(test)]
mod lint;
#[cfg(test)]
#[cfg(unix)]
mod mirror;
#[cfg(test)]
mod module;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod packaging;
#[cfg(test)]
mod partners;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod render;
#[cfg(test)]
#[cfg(unix)]
mod replaced;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod roots;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod status;
#[cfg(test)]
#[cfg(unix)]
mod stdout;
#[cfg(test)]
mod support;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod verdict_diff;
#[cfg(test)]
mod width;
