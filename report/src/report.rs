//! The result of a run, independent of the format. The JSON form is a contract: `schemas/report.schema.json`.

mod outcome;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use hallpass_policy::Verdict;
use serde::Serialize;

use crate::judge::FileReport;
use crate::problem::Problem;
use crate::variants::Variant;

pub use outcome::{
    AllowlistChange, Assumption, Compared, ContainerImage, Excepted, Mismatch, Outcome, Violation,
};
pub use place::{AllowlistPlace, Place, Snippet};

/// The result for all files.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Incremented when a field changes its meaning or is removed.
    pub schema_version: u32,
    /// One entry per workload, in the order of the files and of their documents.
    pub results: Vec<Outcome>,
    /// Input that could not be evaluated. If not empty, the verdicts prove nothing.
    pub errors: Vec<Problem>,
    /// Input that was evaluated, but is probably not what its author intended.
    pub warnings: Vec<Problem>,
    /// Input that is valid, but may not have the effect that its author expects.
    pub notes: Vec<Problem>,
    /// The counts.
    pub summary: Summary,
    /// The name of the config file, if the run has used one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub config: Option<String>,
    /// The files counted in `summary.skipped_files`.
    #[serde(skip)]
    pub skipped_files: BTreeSet<String>,
    /// The number of allowlists among the checked files, which do not count as installed, by file.
    #[serde(skip)]
    pub not_installed: BTreeMap<String, usize>,
}

impl Default for Report {
    fn default() -> Self {
        Report {
            schema_version: 1,
            results: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
            summary: Summary::default(),
            config: None,
            skipped_files: BTreeSet::new(),
            not_installed: BTreeMap::new(),
        }
    }
}

/// The counts.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Evaluated workloads.
    pub workloads: usize,
    /// Workloads without violations.
    pub admitted: usize,
    /// Workloads that an allowlist exempts.
    pub exempted: usize,
    /// Denied workloads.
    pub denied: usize,
    /// Denied workloads whose violations are all covered by exceptions. `denied` includes them.
    pub excepted: usize,
    /// Objects whose kind contains no Pods.
    pub skipped: usize,
    /// Files in searched folders that contain documents, but no Kubernetes object.
    pub skipped_files: usize,
    /// The number of `errors`.
    pub errors: usize,
    /// The counts for each file with values, if charts were rendered with several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Variant>>"))]
    pub variants: Vec<Variant>,
    /// Constraints that depend on the cluster. They do not count as passed.
    pub not_evaluated: Vec<String>,
}

impl Report {
    /// Adds the result for a file. Files are added in the order in which they were named.
    pub fn add(&mut self, name: &str, file: FileReport) {
        if file.not_installed > 0 {
            self.not_installed.insert(name.to_owned(), file.not_installed);
        }
        for outcome in &file.results {
            self.summary.workloads += 1;
            match outcome.verdict {
                Verdict::Admitted => self.summary.admitted += 1,
                Verdict::Exempted => self.summary.exempted += 1,
                Verdict::Denied => self.summary.denied += 1,
            }
        }
        self.summary.skipped += file.skipped;
        if let Some(name) = file.skipped_file {
            self.skip_file(name);
        }
        self.results.extend(file.results);
        self.errors.extend(file.errors);
        self.warnings.extend(file.warnings);
        self.notes.extend(file.notes);
    }

    /// Adds one note on all allowlists among the checked files.
    pub fn note_allowlists(&mut self) {
        let mut files = self.not_installed.keys();
        let Some(first) = files.next() else { return };
        let file = if files.next().is_none() { first } else { "" };
        let (message, help) = match self.not_installed.values().sum() {
            1 => (
                "a WorkloadAllowlist among the checked files does not count as installed".to_owned(),
                "to count it as installed, load it as an allowlist: `--allowlists PATH`",
            ),
            count => (
                format!("{count} WorkloadAllowlists among the checked files do not count as installed"),
                "to count them as installed, load them as allowlists: `--allowlists PATH`",
            ),
        };
        self.notes.push(Problem::new(file, message).help(help));
    }

    /// Adds a note to each denial that the allowlists of the run are incomplete.
    pub fn doubt_denials(&mut self) {
        let denials = self.results.iter_mut().filter(|outcome| outcome.verdict == Verdict::Denied);
        for outcome in denials {
            let message =
                "not all allowlists could be loaded: one of them may exempt the workload, see the errors";
            outcome.notes.push(message.to_owned());
        }
    }

    /// Counts a file that is not a manifest, once.
    pub fn skip_file(&mut self, name: String) {
        self.skipped_files.insert(name);
        self.summary.skipped_files = self.skipped_files.len();
    }
}
