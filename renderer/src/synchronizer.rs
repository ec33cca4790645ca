//! `AllowlistSynchronizer`: the object that makes GKE install allowlists.

use serde_json::json;

use crate::fleet::Synchronizer;
use crate::object::Object;

/// Fields as in GKE's reference (docs.cloud.google.com, AllowlistSynchronizer). Paths are sorted, because their order
/// has no meaning.
pub(crate) fn object(synchronizer: &Synchronizer) -> Object {
    let mut paths: Vec<&str> = synchronizer.allowlist_paths.iter().map(String::as_str).collect();
    paths.sort_unstable();
    let mut spec = json!({ "allowlistPaths": paths });
    if let (Some(bucket), Some(project)) = (&synchronizer.bucket_name, synchronizer.project_number)
        && let Some(spec) = spec.as_object_mut()
    {
        spec.insert("bucketName".to_owned(), bucket.as_str().into());
        spec.insert("projectNumber".to_owned(), project.into());
    }
    json!({
        "apiVersion": "auto.gke.io/v1",
        "kind": "AllowlistSynchronizer",
        "metadata": { "name": synchronizer.name },
        "spec": spec,
    })
}
