//! The dialect: a table of the results of Go and RE2, and random patterns that are compared with RE2.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails loudly: that is its job")]

mod differential;
mod grammar;
mod oracle;
mod parts;
mod refusals;
mod table;
