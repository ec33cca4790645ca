//! The status of a synchronizer, as GKE writes it.

use std::collections::BTreeMap;

use k8s_openapi::jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `status` of an AllowlistSynchronizer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// One of type `Ready`, and those of other programs.
    pub conditions: Vec<Condition>,
    /// The states of its files.
    pub managed_allowlist_status: Vec<FileStatus>,
    /// The time of the last round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sync_attempt: Option<String>,
}

/// A condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition {
    /// `Ready`
    #[serde(rename = "type")]
    pub kind: String,
    /// `True` or `False`
    pub status: String,
    /// `SyncSuccessful` or `SyncError`
    pub reason: String,
    /// The problem; empty if the condition is true.
    pub message: String,
    /// The time of the last change of `status`.
    pub last_transition_time: String,
    /// The generation of the spec that the round was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

impl Condition {
    /// Whether `status` is `True`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.status == TRUE
    }
}

/// The state of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FileStatus {
    /// The path, as in the spec.
    pub file_path: String,
    /// `Installed`, `Failed` or `Stale`
    pub phase: Phase,
    /// The generation of the WorkloadAllowlist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<i64>,
    /// The last time at which the file was in force as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_successful_sync: Option<String>,
    /// The reason why the file is not in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// The phase of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// The allowlist in the file is in force.
    Installed,
    /// No allowlist of this file is in force.
    #[default]
    Failed,
    /// An older version is in force.
    Stale,
}

impl Phase {
    /// All phases.
    pub const ALL: [Phase; 3] = [Phase::Installed, Phase::Failed, Phase::Stale];

    /// The name in the status.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Installed => "Installed",
            Phase::Failed => "Failed",
            Phase::Stale => "Stale",
        }
    }
}

/// The outcome of a round for one file, or for a path without files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its allowlist is in force.
    Installed {
        /// `metadata.generation` of the allowlist.
        generation: Option<i64>,
    },
    /// Its allowlist is not in force as published.
    Problem {
        /// The reason.
        message: String,
        /// Whether an older version is in force.
        in_force: bool,
    },
}

/// The type of the condition.
const READY: &str = "Ready";

/// The status of a condition that is true.
const TRUE: &str = "True";

impl Status {
    /// Reads the status of an object. A malformed status counts as absent, and the next round replaces it.
    #[must_use]
    pub fn of(status: Option<&Value>) -> Self {
        let read = |status: &Value| match status {
            Value::String(packed) => serde_json::from_str(packed).ok(),
            tree => Status::deserialize(tree).ok(),
        };
        status.and_then(read).unwrap_or_default()
    }

    /// Turns the status of an object into text, which takes less memory than a tree. [`Status::of`] reads both.
    pub(crate) fn pack(status: &mut Value) {
        *status = Value::String(status.to_string());
    }

    /// Returns the status after a round for this generation of the spec. `fault` is an error in the spec itself.
    #[must_use]
    pub fn after(
        &self,
        generation: Option<i64>,
        outcomes: &BTreeMap<String, Outcome>,
        fault: Option<&str>,
        now: Timestamp,
    ) -> Self {
        let now = format!("{now:.0}");
        let files: Vec<FileStatus> =
            outcomes.iter().map(|(path, outcome)| self.file(path, outcome, &now)).collect();
        let failed: Vec<&str> = files
            .iter()
            .filter(|file| file.phase != Phase::Installed)
            .map(|file| {
                file.file_path.rsplit('/').next().filter(|name| *name != "*").unwrap_or(&file.file_path)
            })
            .collect();
        let message = match (fault, failed.as_slice()) {
            (Some(fault), _) => fault.to_owned(),
            (None, []) => String::new(),
            (None, failed) => format!("some allowlists failed to sync: {}", shortened(failed)),
        };
        let (status, reason) =
            if message.is_empty() { (TRUE, "SyncSuccessful") } else { ("False", "SyncError") };
        let before = self.ready();
        let since =
            before.filter(|before| before.status == status).map(|before| before.last_transition_time.clone());
        let ready = Condition {
            kind: READY.to_owned(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            message,
            last_transition_time: since.filter(|since| !since.is_empty()).unwrap_or_else(|| now.clone()),
            observed_generation: generation,
        };
        let mut conditions: Vec<Condition> =
            self.conditions.iter().filter(|condition| condition.kind != READY).cloned().collect();
        conditions.push(ready);
        // An error in the spec says nothing about the files that are in force.
        let files = if fault.is_some() { self.managed_allowlist_status.clone() } else { files };
        Status { conditions, managed_allowlist_status: files, last_sync_attempt: Some(now) }
    }

    /// Returns the condition `Ready`.
    #[must_use]
    pub fn ready(&self) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.kind == READY)
    }

    /// Returns the files that are not in force as published, with the reasons, or else the reason why the synchronizer is not
    /// ready.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let of_file =
            |file: &FileStatus| Some(format!("{}: {}", file.file_path, file.last_error.as_deref()?));
        let mut problems: Vec<String> = self.managed_allowlist_status.iter().filter_map(of_file).collect();
        let not_ready = self.ready().filter(|ready| !ready.is_true());
        if problems.is_empty() {
            problems.extend(not_ready.map(|ready| ready.message.clone()));
        }
        problems
    }

    fn file(&self, path: &str, outcome: &Outcome, now: &str) -> FileStatus {
        let before = self.managed_allowlist_status.iter().find(|file| file.file_path == path);
        match outcome {
            Outcome::Installed { generation } => FileStatus {
                file_path: path.to_owned(),
                phase: Phase::Installed,
                generation: *generation,
                last_successful_sync: Some(now.to_owned()),
                last_error: None,
            },
            Outcome::Problem { message, in_force } => FileStatus {
                file_path: path.to_owned(),
                phase: if *in_force { Phase::Stale } else { Phase::Failed },
                generation: before.filter(|_| *in_force).and_then(|before| before.generation),
                last_successful_sync: before.and_then(|before| before.last_successful_sync.clone()),
                last_error: Some(match in_force {
                    true => format!("Sync failed: {message}"),
                    false => format!("Initial install failed: {message}"),
                }),
            },
        }
    }
}

/// Joins the names of files. The API server accepts a condition's message of at most 32 KiB.
fn shortened(files: &[&str]) -> String {
    const SHOWN: usize = 20;
    let mut text = files.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if files.len() > SHOWN {
        text.push_str(&format!(" and {} more", files.len() - SHOWN));
    }
    text
}
