//! Edits of files: the text after them, and what is refused.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails loudly: that is its job"
)]

mod examples;
mod laws;
mod set;
mod written;
