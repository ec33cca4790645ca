//! Whether AllowlistSynchronizers have installed their allowlists, for `hallpass status`.
//!
//! `Ready` alone is not sufficient: it can refer to an older generation, and be True while no file is listed yet.
//! Therefore every wanted path must also be listed as `Installed`. [`crate::health`] implements the same for Flux and
//! Argo CD.

mod cause;
mod covered;
mod judge;
mod read;
mod removed;

pub use k8s_openapi::jiff::Timestamp;

pub use cause::{Cause, Finding};
pub use covered::{FILE_ANNOTATION, allowlist_name, file_path};
pub use judge::{Cluster, Judgement, State, judge};
pub use read::{Condition, ManagedFile, Synchronizer};
pub use removed::{Removal, removal};
