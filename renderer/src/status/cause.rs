//! Why a synchronizer is not ready, and what to do.

use serde::Serialize;

/// What a finding is about; scripts may rely on the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// No sync has happened yet.
    NeverSynced,
    /// The status is about another generation of the spec.
    OldGeneration,
    /// Ready is not True.
    NotReady,
    /// Nothing is asked for.
    NoPath,
    /// A wanted path is not in `spec.allowlistPaths`.
    NotInSpec,
    /// The spec takes its paths from another bucket than is wanted.
    OtherBucket,
    /// No file is listed for a wanted path.
    NotListed,
    /// A file could not be installed.
    Failed,
    /// A newer version of a file could not be applied.
    Stale,
    /// A file is in a phase that is neither of those nor `Installed`.
    OtherPhase,
    /// The cluster has no allowlist of a file's name.
    NotInCluster,
    /// No sync was attempted for long.
    SyncOverdue,
}

/// One thing that keeps a synchronizer from being ready, or deserves attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub cause: Cause,
    /// What is the matter.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// JSON pointer to what it is about.
    pub pointer: String,
}

impl Finding {
    pub(super) fn new(cause: Cause, pointer: impl Into<String>, message: String, help: &str) -> Self {
        Finding { cause, message, help: help.to_owned(), pointer: pointer.into() }
    }
}
