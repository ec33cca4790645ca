//! Whether AllowlistSynchronizers have done what they were asked: the judgement of `hallpass status`.
//!
//! `Ready` alone says too little. It can belong to an older generation, and be True while no file is listed yet. So
//! every wanted path must be listed as `Installed` too. [`crate::health`] tells Flux and Argo CD the same.

mod cause;
mod covered;
mod judge;
mod read;
mod removed;

pub use k8s_openapi::jiff::Timestamp;

pub use cause::{Cause, Finding};
pub use covered::{allowlist_name, file_path};
pub use judge::{Cluster, Judgement, State, judge};
pub use read::{Condition, ManagedFile, Synchronizer};
pub use removed::{Removal, removal};
