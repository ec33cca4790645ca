//! Edits of files: the text after them, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test fails loudly: that is its job")]

mod set;
