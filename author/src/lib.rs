//! Tools for authors and reviewers of `WorkloadAllowlist` objects.

pub mod difference;
pub mod digests;
mod edited;
pub mod entry;
pub mod generate;
pub mod mirror;

pub use edited::Unedited;
