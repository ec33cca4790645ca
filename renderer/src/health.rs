//! Health checks: when Flux and Argo CD consider an AllowlistSynchronizer ready.
//!
//! Without them, neither waits. Both check only the object: every path of `spec.allowlistPaths` must be listed as
//! `Installed` for the current generation. [`crate::status`] implements the same in Rust; tests compare all three.

mod argo;
mod flux;

pub use argo::argo_patch;
pub use flux::{HealthCheckExpressions, flux_expressions};
