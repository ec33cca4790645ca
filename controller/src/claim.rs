//! The allowlists that a synchronizer asks for.

use hallpass_policy::synchronizer::{self, is_allowlist_path};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::jiff::Timestamp;
use kube::api::DynamicObject;
use serde_json::Value;

use crate::location::Location;

/// The fields of an AllowlistSynchronizer that the controller reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'o> {
    /// `metadata.name`
    pub name: &'o str,
    /// `metadata.uid`
    pub uid: &'o str,
    /// `metadata.creationTimestamp`
    pub created: Option<Timestamp>,
    /// `spec.bucketName`
    pub bucket: Option<&'o str>,
    /// `spec.allowlistPaths`
    pub paths: Vec<&'o str>,
}

impl<'o> Claim<'o> {
    /// Reads an object.
    ///
    /// # Errors
    /// Names a field that the CRD would have refused.
    pub fn of(object: &'o DynamicObject) -> Result<Self, String> {
        let metadata = &object.metadata;
        let spec = object.data.get("spec").unwrap_or(&Value::Null);
        let paths = match spec.get("allowlistPaths") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(paths)) => paths
                .iter()
                .map(|path| {
                    path.as_str().ok_or("`spec.allowlistPaths` contains a value that is not a string")
                })
                .collect::<Result<_, _>>()?,
            Some(_) => return Err("`spec.allowlistPaths` is not a list".to_owned()),
        };
        let bucket = match spec.get("bucketName") {
            None | Some(Value::Null) => None,
            Some(Value::String(bucket)) => Some(bucket.as_str()),
            Some(_) => return Err("`spec.bucketName` is not a string".to_owned()),
        };
        let (created, name) = age(metadata);
        Ok(Claim { name, uid: metadata.uid.as_deref().unwrap_or_default(), created, bucket, paths })
    }

    /// Whether it has precedence over another synchronizer that wants the same file or name. Kubernetes records seconds, so
    /// names decide between synchronizers that were created in the same second.
    #[must_use]
    pub fn is_older_than(&self, other: &Claim<'_>) -> bool {
        (self.created, self.name) < (other.created, other.name)
    }

    /// Whether another synchronizer is older, as in [`Self::is_older_than`].
    #[must_use]
    pub fn is_younger_than(&self, other: &DynamicObject) -> bool {
        age(&other.metadata) < (self.created, self.name)
    }

    /// Whether one of its paths covers the file.
    #[must_use]
    pub fn covers(&self, file: &Location) -> bool {
        self.bucket == file.bucket.as_deref() && self.paths.iter().any(|path| covers(path, &file.path))
    }
}

/// Returns the key that orders synchronizers.
fn age(metadata: &ObjectMeta) -> (Option<Timestamp>, &str) {
    let created = metadata.creation_timestamp.as_ref().map(|time| time.0);
    (created, metadata.name.as_deref().unwrap_or_default())
}

/// Whether a synchronizer's path covers a file of the same repository or bucket. A malformed path covers nothing.
#[must_use]
pub fn covers(path: &str, file: &str) -> bool {
    synchronizer::covers(path, file) && is_allowlist_path(path)
}
