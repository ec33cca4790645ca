//! The result of a run, independent of the format. The JSON form is a contract: `schemas/report.schema.json`.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_policy::{Rule, Verdict};
use serde::Serialize;

use crate::judge::FileReport;
use crate::problem::Problem;
use crate::variants::Variant;

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

/// The verdict on a workload.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The name of the file.
    pub file: String,
    /// The template that Helm rendered to the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub template: Option<String>,
    /// The file with values that a chart was rendered with, if it was rendered with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub variant: Option<String>,
    /// The number of documents in the file before this one, not counting empty documents.
    pub document: usize,
    /// The line of the object.
    pub line: u32,
    /// The kind.
    #[cfg_attr(feature = "typescript", ts(as = "hallpass_policy::WorkloadKind"))]
    pub kind: &'static str,
    /// The namespace.
    pub namespace: Option<String>,
    /// `metadata.name`, or `metadata.generateName`.
    pub name: Option<String>,
    /// Whether the workload may run.
    pub verdict: Verdict,
    /// Whether the denial is a known one: it has violations, and exceptions of the config cover all of them.
    pub excepted: bool,
    /// If exempted: the allowlist that matches.
    pub allowlist: Option<String>,
    /// If exempted: whether GKE blocks exec, attach and port-forward.
    pub no_connect: Option<bool>,
    /// All violations.
    pub violations: Vec<Violation>,
    /// If denied: the nearest loaded allowlists, nearest first. If none of them is `related`, no loaded allowlist is for
    /// this workload.
    pub compared: Vec<Compared>,
    /// If denied: why the nearest allowlists do not match, nearest first.
    pub mismatches: Vec<Mismatch>,
    /// Assumptions about points on which the public record is silent.
    pub assumptions: Vec<Assumption>,
    /// Other information that helps to fix a denial.
    pub notes: Vec<String>,
    /// JSON pointer to the object, from the root of the document.
    #[serde(skip)]
    pub pointer: String,
    /// If denied: the containers, for exceptions that name an image.
    #[serde(skip)]
    pub containers: Vec<ContainerImage>,
}

/// The image of a container.
#[derive(Clone, Debug)]
pub struct ContainerImage {
    /// JSON pointer to the container, from the root of the document.
    pub pointer: String,
    /// The image without tag and digest.
    pub repository: String,
}

/// A constraint that the workload violates.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Violation {
    /// The id of the constraint.
    pub constraint: &'static str,
    /// Whether an allowlist can exempt from the constraint.
    pub exemptible: bool,
    /// The message that GKE prints.
    pub message: String,
    /// JSON pointer to the value, from the root of the document.
    pub path: String,
    /// The location of the value, or of its key if the constraint applies to keys.
    #[serde(flatten)]
    pub place: Place,
    /// The exception of the config that covers the violation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub exception: Option<Excepted>,
}

/// An exception that covers a violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Excepted {
    /// The name of the config.
    #[serde(skip)]
    pub file: String,
    /// Why the violation is accepted.
    pub reason: String,
    /// The last day on which the exception counts, in UTC, such as `2027-01-31`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub expires: Option<String>,
    /// The line of the exception in the config.
    pub line: u32,
}

/// A loaded allowlist whose mismatches are listed.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Compared {
    /// The name of the allowlist.
    pub allowlist: String,
    /// False: the workload's label names another allowlist, so GKE would not compare the two.
    pub considered: bool,
    /// Whether the allowlist is likely meant for the workload: the label names it, or a container of the workload has
    /// the name or the image of one of its containers.
    pub related: bool,
    /// The number of mismatches, including those that are not listed.
    pub mismatches: usize,
    /// The violated constraints from which it exempts the workload once nothing mismatches.
    pub exempts: Vec<&'static str>,
}

/// One reason why an allowlist does not match.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Mismatch {
    /// The name of the allowlist.
    pub allowlist: String,
    /// False: the workload's label names another allowlist, so GKE would not compare the two.
    pub considered: bool,
    /// The rule's id in docs/semantics.md.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub rule: Rule,
    /// JSON pointer to the value, from the root of the workload's document.
    pub path: String,
    /// The location of the value.
    #[serde(flatten)]
    pub place: Place,
    /// The value in the workload.
    pub workload: Option<String>,
    /// The value in the allowlist.
    pub expected: Option<String>,
    /// The name of the allowlist's file.
    pub allowlist_file: Option<String>,
    /// The location in that file.
    #[serde(flatten)]
    pub allowlist_place: AllowlistPlace,
    /// What differs.
    pub message: String,
    /// What to change.
    pub help: String,
    /// The pitfall that is the reason: something in the allowlist or in the workload that looks equal but is not.
    pub pitfall: Option<String>,
    /// For authors of the allowlist: the change of the allowlist that resolves the mismatch, if there is one.
    pub allowlist_change: Option<AllowlistChange>,
}

/// A change of an allowlist.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AllowlistChange {
    /// JSON pointer to an existing list or map, from the allowlist object.
    pub path: String,
    /// The YAML to paste there: items to append to the list, or fields of the map to add or replace.
    pub yaml: String,
}

/// An assumption about a point on which the public record is silent.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Assumption {
    /// The rule's id in docs/semantics.md.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub rule: Rule,
    /// The assumption.
    pub message: String,
}

/// A position in a file. Lines and columns count from 1; columns count Unicode scalars.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The column after the value; absent for a map, a list, and a value with several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// The YAML anchor through which the value is used here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub anchor: Option<String>,
    /// The missing field, if the position is that of its nearest existing ancestor.
    #[serde(skip)]
    pub absent: Option<String>,
    /// The source text.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
}

/// A line of a file, or the part of it around a value.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The text.
    pub text: String,
    /// The columns of the value in `text`, from 0.
    pub value: std::ops::Range<usize>,
    /// The number of columns that `text` omits on the left.
    pub cut: usize,
}

/// A location in an allowlist, as part of a mismatch. All fields are absent if the allowlist is not loaded.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AllowlistPlace {
    /// The line in the allowlist's file, from 1.
    #[serde(rename = "allowlistLine")]
    pub line: Option<u32>,
    /// The column, from 1, in Unicode scalars.
    #[serde(rename = "allowlistColumn")]
    pub column: Option<u32>,
    /// The column after the value; absent under the same conditions as in the workload.
    #[serde(rename = "allowlistEndColumn", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// The field that the value at this location lacks.
    #[serde(skip)]
    pub absent: Option<String>,
    /// The source text.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
}

impl From<Place> for AllowlistPlace {
    fn from(place: Place) -> Self {
        AllowlistPlace {
            line: Some(place.line),
            column: Some(place.column),
            end_column: place.end_column,
            absent: place.absent,
            snippet: place.snippet,
        }
    }
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

    /// Notes on each denial that the allowlists of the run are incomplete.
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
