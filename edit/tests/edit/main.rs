//! Edits of files: the text after them, and what is refused.
#![cfg(test)]
#![expect(clippy::string_slice, reason = "a test fails loudly: that is its job")]

mod examples;
mod laws;
mod set;
mod written;
