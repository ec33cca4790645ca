//! What a run found, before any format. The JSON form is a contract: `schemas/report.schema.json`.

use std::collections::BTreeSet;

use hallpass_policy::Verdict;
use serde::Serialize;

use crate::judge::FileReport;

/// What came of all files.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Grows when a field changes its meaning or goes.
    pub schema_version: u32,
    /// One entry a workload, in the order of the files and the documents in them.
    pub results: Vec<Outcome>,
    /// Input that could not be judged. Verdicts beside errors prove nothing.
    pub errors: Vec<Problem>,
    /// Input that was judged, but probably does not say what its author meant.
    pub warnings: Vec<Problem>,
    /// How much there was of what.
    pub summary: Summary,
    /// The files that `summary.skipped_files` counts.
    #[serde(skip)]
    pub skipped_files: BTreeSet<String>,
}

impl Default for Report {
    fn default() -> Self {
        Report {
            schema_version: 1,
            results: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            summary: Summary::default(),
            skipped_files: BTreeSet::new(),
        }
    }
}

/// How much there was of what.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// All that were judged.
    pub workloads: usize,
    /// Those that violate nothing.
    pub admitted: usize,
    /// Those that an allowlist exempts.
    pub exempted: usize,
    /// Those that are refused.
    pub denied: usize,
    /// Objects of kinds that hold no Pods.
    pub skipped: usize,
    /// Files of searched folders that hold documents, and no Kubernetes object.
    pub skipped_files: usize,
    /// Entries of `errors`.
    pub errors: usize,
    /// Constraints of the cluster that no manifest can answer: not counted as passed.
    pub not_evaluated: Vec<String>,
}

/// One workload's verdict.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The name of its file.
    pub file: String,
    /// How many documents of the file come before this one. Empty ones do not count.
    pub document: usize,
    /// Where the object starts.
    pub line: u32,
    /// What it is.
    #[cfg_attr(feature = "typescript", ts(as = "hallpass_policy::WorkloadKind"))]
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: Option<String>,
    /// `metadata.name`, or `metadata.generateName`.
    pub name: Option<String>,
    /// Whether it may run.
    pub verdict: Verdict,
    /// Exempted: the allowlist that matches.
    pub allowlist: Option<String>,
    /// Exempted: whether GKE will block exec, attach and port-forward.
    pub no_connect: Option<bool>,
    /// Every violated constraint.
    pub violations: Vec<Violation>,
    /// Denied: why the nearest allowlists do not match, nearest first.
    pub mismatches: Vec<Mismatch>,
    /// Points on which the public record is silent.
    pub assumptions: Vec<Assumption>,
    /// What else helps to act on a denial.
    pub notes: Vec<String>,
}

/// A constraint that the workload violates.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Violation {
    /// Its id.
    pub constraint: &'static str,
    /// Whether an allowlist can exempt from it.
    pub exemptible: bool,
    /// In the words of GKE's own refusal.
    pub message: String,
    /// JSON pointer to the value, from the root of the document.
    pub path: String,
    /// Where the value is, or the key that holds it if the constraint is about keys.
    #[serde(flatten)]
    pub place: Place,
}

/// One reason why an allowlist does not match.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Mismatch {
    /// The allowlist's name.
    pub allowlist: String,
    /// False: the workload's label names another allowlist, so GKE would not compare the two.
    pub considered: bool,
    /// The rule's id in docs/semantics.md.
    pub rule: String,
    /// JSON pointer to the value, from the root of the workload's document.
    pub path: String,
    /// Where the value is.
    #[serde(flatten)]
    pub place: Place,
    /// The value in the workload.
    pub workload: Option<String>,
    /// What the allowlist has instead.
    pub expected: Option<String>,
    /// The name of the allowlist's file.
    pub allowlist_file: Option<String>,
    /// Where in it.
    #[serde(flatten)]
    pub allowlist_place: AllowlistPlace,
    /// What differs.
    pub message: String,
    /// What to change.
    pub help: String,
}

/// A point on which the public record is silent, and what was assumed.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Assumption {
    /// The rule's id in docs/semantics.md.
    pub rule: String,
    /// What was assumed.
    pub message: String,
}

/// Something wrong with the input.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The name of the file; empty when the problem is that of the whole run.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1, in Unicode scalars.
    pub column: Option<u32>,
    /// The column behind what is at fault, when that is on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// JSON pointer to what is at fault.
    pub path: Option<Box<str>>,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: Option<Box<str>>,
    /// The text there.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
    #[serde(skip)]
    internal: bool,
    #[serde(skip)]
    template: bool,
}

/// A position in a file, lines and columns from 1, columns in Unicode scalars.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The column behind the value; absent for a map, a list, and a value of several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// The YAML anchor through which the value came here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub anchor: Option<String>,
    /// The field that is not there, when the position is that of the nearest thing that is.
    #[serde(skip)]
    pub absent: Option<String>,
    /// The text there.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
}

/// A line of a file, or the part of it around a value.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The text.
    pub text: String,
    /// The value's columns in `text`, from 0.
    pub value: std::ops::Range<usize>,
    /// Columns of the line that `text` leaves out on its left.
    pub cut: usize,
}

/// A place in an allowlist, as part of a mismatch. All is absent when the allowlist is not loaded.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AllowlistPlace {
    /// The line in the allowlist's file, from 1.
    #[serde(rename = "allowlistLine")]
    pub line: Option<u32>,
    /// The column, from 1, in Unicode scalars.
    #[serde(rename = "allowlistColumn")]
    pub column: Option<u32>,
    /// The column behind the value; absent as in the workload.
    #[serde(rename = "allowlistEndColumn", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// The text there.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
}

impl From<Place> for AllowlistPlace {
    fn from(place: Place) -> Self {
        AllowlistPlace {
            line: Some(place.line),
            column: Some(place.column),
            end_column: place.end_column,
            snippet: place.snippet,
        }
    }
}

impl Problem {
    /// A problem of a file, or of the whole run when `file` is empty.
    #[must_use]
    pub fn new(file: &str, message: impl Into<String>) -> Self {
        Problem {
            file: file.to_owned(),
            line: None,
            column: None,
            end_column: None,
            path: None,
            message: message.into(),
            help: None,
            snippet: None,
            internal: false,
            template: false,
        }
    }

    /// Says where, as a position and as a JSON pointer.
    #[must_use]
    pub fn at(mut self, place: Place, path: &str) -> Self {
        self.line = Some(place.line);
        self.column = Some(place.column);
        self.end_column = place.end_column;
        self.snippet = place.snippet;
        self.path = Some(path.into());
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into().into_boxed_str());
        self
    }

    /// It is hallpass that is at fault.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.internal = true;
        self
    }

    /// The document is a template that nobody has rendered.
    #[must_use]
    pub(crate) fn template(mut self) -> Self {
        self.template = true;
        self
    }

    pub(crate) fn is_template(&self) -> bool {
        self.template
    }

    /// Whether it is hallpass that is at fault.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.internal
    }
}

impl Report {
    /// Adds what came of one file. Files are added in the order in which they were named.
    pub fn add(&mut self, file: FileReport) {
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
    }

    /// Counts a file that is no manifest, once.
    pub fn skip_file(&mut self, name: String) {
        self.skipped_files.insert(name);
        self.summary.skipped_files = self.skipped_files.len();
    }
}
