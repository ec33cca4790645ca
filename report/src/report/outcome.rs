//! The verdict on a workload, and its reasons.

use hallpass_policy::{Rule, Verdict};
use serde::Serialize;

use super::{AllowlistPlace, Place};

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
