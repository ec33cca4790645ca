//! Why a synchronizer is not ready, and what to do.

use serde::Serialize;

/// The cause of a finding. Scripts may rely on the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// No sync has happened yet.
    NeverSynced,
    /// The status refers to another generation of the spec.
    OldGeneration,
    /// Ready is not True.
    NotReady,
    /// The spec lists no path.
    NoPath,
    /// A wanted path is not in `spec.allowlistPaths`.
    NotInSpec,
    /// The spec uses another bucket than the fleet wants.
    OtherBucket,
    /// No file is listed for a wanted path.
    NotListed,
    /// A file could not be installed.
    Failed,
    /// A newer version of a file could not be applied.
    Stale,
    /// A file is in another phase than these and `Installed`.
    OtherPhase,
    /// The cluster has no allowlist with the file's name.
    NotInCluster,
    /// No sync was attempted for a long time.
    SyncOverdue,
}

/// A reason why a synchronizer is not ready, or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The cause.
    pub cause: Cause,
    /// The description.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// The JSON pointer to the value concerned.
    pub pointer: String,
}

impl Finding {
    pub(super) fn new(cause: Cause, pointer: impl Into<String>, message: String, help: &str) -> Self {
        Finding { cause, message, help: help.to_owned(), pointer: pointer.into() }
    }
}
