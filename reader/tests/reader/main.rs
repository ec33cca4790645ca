//! Tests of the reader with texts, tables and random input.
#![cfg(test)]

mod cases;
mod common;
mod limits;
mod positions;
mod properties;
mod scalars;
