//! The location of an allowlist's file.

use std::fmt;

/// A file in the repository, or in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The `bucketName` of the synchronizer; absent for the repository.
    pub bucket: Option<String>,
    /// The path below the repository or bucket.
    pub path: String,
}

impl Location {
    /// A file of a synchronizer with this `bucketName`.
    #[must_use]
    pub fn new(bucket: Option<&str>, path: &str) -> Self {
        Location { bucket: bucket.map(str::to_owned), path: path.to_owned() }
    }
}

/// The notation of GKE's statuses: `dir/file.yaml`, or `gs://BUCKET/dir/file.yaml`.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.bucket {
            Some(bucket) => write!(f, "gs://{bucket}/{}", self.path),
            None => f.write_str(&self.path),
        }
    }
}
