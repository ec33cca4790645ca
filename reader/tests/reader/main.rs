//! Tests of the reader with texts, tables and random input.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly: that is its job"
)]

mod cases;
mod common;
mod limits;
mod positions;
mod properties;
mod scalars;
