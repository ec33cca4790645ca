//! Tools for those who write and review `WorkloadAllowlist` objects.

pub mod difference;
mod edited;
pub mod entry;
pub mod generate;
pub mod mirror;

pub use edited::Unedited;
