//! When a synchronizer counts as healthy.

use serde_json::json;

use crate::File;
use crate::object::Object;

/// The entry of `healthCheckExprs` for AllowlistSynchronizers.
#[must_use]
pub fn flux_check() -> Object {
    json!({})
}

/// Argo CD's health check.
#[must_use]
pub fn argo_files() -> Vec<File> {
    Vec::new()
}
