//! `AllowlistSynchronizer`: the object that makes GKE install allowlists.

use serde_json::json;

use crate::fleet::Synchronizer;
use crate::object::{Object, set};

/// Fields as in GKE's reference (docs.cloud.google.com, AllowlistSynchronizer). Paths are sorted, because their order
/// has no meaning.
pub(crate) fn object(synchronizer: &Synchronizer) -> Object {
    let mut paths: Vec<&str> = synchronizer.allowlist_paths.iter().map(String::as_str).collect();
    paths.sort_unstable();
    let mut spec = json!({ "allowlistPaths": paths });
    if let (Some(bucket), Some(project)) = (&synchronizer.bucket_name, synchronizer.project_number) {
        set(&mut spec, "bucketName", Some(bucket.as_str()));
        set(&mut spec, "projectNumber", Some(project));
    }
    json!({
        "apiVersion": "auto.gke.io/v1",
        "kind": "AllowlistSynchronizer",
        "metadata": { "name": synchronizer.name },
        "spec": spec,
    })
}
