//! The result of a decision, the same for all front ends.

use std::fmt;

use crate::constraint::Constraint;

/// The maximum number of violations per constraint, and of mismatches per allowlist, that a decision lists. Nobody
/// reads more, and the result could otherwise be many times as long as the document.
pub const SHOWN: usize = 100;

/// Whether the workload may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// It violates no constraint.
    Admitted,
    /// It violates constraints, and one allowlist matches it.
    Exempted,
    /// It violates constraints, and no allowlist matches it.
    Denied,
}

impl Verdict {
    /// Returns the word for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Admitted => "admitted",
            Verdict::Exempted => "exempted",
            Verdict::Denied => "denied",
        }
    }
}

/// A rule, by its id in `docs/semantics.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the ids are the documentation: docs/semantics.md has one section for each")]
#[derive(serde::Serialize, serde::Deserialize)]
pub enum Rule {
    C3,
    C4,
    C5,
    C6,
    C9,
    C10,
    C11,
    M1,
    M2,
    M3,
    M4,
    M5,
    M6,
    M7,
    M8,
    M9,
    M10,
    M11,
    M12,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A constraint that the workload violates.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// The constraint.
    pub constraint: Constraint,
    /// The message that GKE prints.
    pub message: String,
    /// JSON pointer to the violating value, from the document's root.
    pub path: String,
    /// Whether the key is the violation, not its value.
    pub in_key: bool,
}

/// A reason why an allowlist does not match the workload.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mismatch {
    /// The allowlist's `metadata.name`.
    pub allowlist: String,
    /// Whether GKE would compare the workload with this allowlist; false if the workload's label names another one.
    pub considered: bool,
    /// The rule that is not satisfied.
    pub rule: Rule,
    /// JSON pointer into the workload's document.
    pub path: String,
    /// The value there, if any.
    pub workload: Option<String>,
    /// The value in the allowlist.
    pub expected: Option<String>,
    /// JSON pointer into the allowlist, relative to the object; absent if the allowlist is not loaded.
    pub allowlist_path: Option<String>,
    /// What differs.
    pub message: String,
    /// What to change, including the value.
    pub help: String,
    /// The assumption on which this depends, where the public record is silent.
    pub assumption: Option<String>,
    /// Whether another container of the workload is compared with the same container of the allowlist.
    pub shared: bool,
}

/// A loaded allowlist whose mismatches a denial lists.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// The allowlist's `metadata.name`.
    pub allowlist: String,
    /// Whether GKE would compare the workload with this allowlist.
    pub considered: bool,
    /// Whether the allowlist is likely meant for the workload: the label names it, or a container of the workload has
    /// the name or the image of one of its containers.
    pub related: bool,
    /// The number of mismatches, including those that are not listed.
    pub mismatches: usize,
}

/// An assumption, on a point where the public record is silent, that decided or could have decided the result.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assumption {
    /// The rule that makes the assumption.
    pub rule: Rule,
    /// The assumption.
    pub message: String,
}

/// The decision on a workload.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Whether the workload may run.
    pub verdict: Verdict,
    /// The allowlist that exempts it.
    pub allowlist: Option<String>,
    /// If exempted: whether GKE blocks exec, attach and port-forward (rule M14).
    pub no_connect: Option<bool>,
    /// The violations, at most a hundred per constraint.
    pub violations: Vec<Violation>,
    /// If denied: the nearest loaded allowlists, nearest first.
    pub compared: Vec<Compared>,
    /// If denied: why they do not match, in the same order.
    pub mismatches: Vec<Mismatch>,
    /// The assumptions.
    pub assumptions: Vec<Assumption>,
    /// Other information that helps to fix a denial.
    pub notes: Vec<String>,
}

impl Decision {
    pub(crate) fn new(verdict: Verdict) -> Self {
        Decision {
            verdict,
            allowlist: None,
            no_connect: None,
            violations: Vec::new(),
            compared: Vec::new(),
            mismatches: Vec::new(),
            assumptions: Vec::new(),
            notes: Vec::new(),
        }
    }
}
