//! The dialect: a table of what Go and RE2 answer, and random patterns that RE2 itself is asked about.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails loudly: that is its job")]

mod differential;
mod grammar;
mod oracle;
mod parts;
mod refusals;
mod table;
