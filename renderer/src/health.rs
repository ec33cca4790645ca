//! Health gates: when Flux and Argo CD may take an AllowlistSynchronizer for done.
//!
//! Without them neither waits. Both judge by the object alone: every path of `spec.allowlistPaths` must be listed as
//! `Installed` for the current generation. [`crate::status`] judges the same in Rust; tests hold the three together.

mod argo;
mod flux;

pub use argo::argo_files;
pub use flux::{HealthCheckExpressions, flux_expressions};
