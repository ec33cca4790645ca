//! The files that one round has read for a synchronizer.

use std::collections::BTreeMap;

use crate::contents::Contents;

/// The files and paths of a synchronizer, as read.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// The files of its paths, by path.
    pub files: BTreeMap<String, Result<Contents, Unusable>>,
    /// The paths of its spec that gave no files, and why.
    pub paths: Vec<(String, PathProblem)>,
}

/// The reason why a file cannot be installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The message: `the file cannot be read: ...`.
    pub message: String,
    /// Whether the problem may pass without a change of the file.
    pub temporary: bool,
}

/// The reason why a path gave no files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathProblem {
    /// The path is not allowed here: its allowlists must not be in force.
    Refused(String),
    /// The folder could not be listed completely: nothing is known of its files.
    Unlisted(String),
}

impl PathProblem {
    /// The message for the synchronizer's status.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            PathProblem::Refused(message) | PathProblem::Unlisted(message) => message,
        }
    }
}
