//! What the decision says: the same for every front end.

use std::fmt;

use crate::constraint::Constraint;

/// How many violations of a constraint, and mismatches with an allowlist, a decision lists. Nobody reads more, and a document
/// could make the answer many times as long as itself.
pub(crate) const SHOWN: usize = 100;

/// Whether the workload may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// It violates nothing.
    Admitted,
    /// It violates constraints, and one allowlist matches it.
    Exempted,
    /// It violates constraints, and no allowlist matches it.
    Denied,
}

impl Verdict {
    /// The word for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Admitted => "admitted",
            Verdict::Exempted => "exempted",
            Verdict::Denied => "denied",
        }
    }
}

/// A rule of the semantics, by its id in `docs/semantics.md`.
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
    /// Which one.
    pub constraint: Constraint,
    /// In the words of GKE's own refusal.
    pub message: String,
    /// JSON pointer to the offending value, from the document's root.
    pub path: String,
    /// What offends is the key that holds the value, not the value.
    pub in_key: bool,
}

/// One reason why an allowlist does not match the workload.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mismatch {
    /// The allowlist's `metadata.name`.
    pub allowlist: String,
    /// GKE would compare the workload with this allowlist; false when the workload's label names another one.
    pub considered: bool,
    /// The rule that does not hold.
    pub rule: Rule,
    /// JSON pointer into the workload's document.
    pub path: String,
    /// The value there, when there is one.
    pub workload: Option<String>,
    /// What the allowlist has instead.
    pub expected: Option<String>,
    /// JSON pointer into the allowlist, from the object itself; absent when the allowlist is not loaded.
    pub allowlist_path: Option<String>,
    /// What differs.
    pub message: String,
    /// What to change, with its value.
    pub help: String,
    /// The choice that this rests on, where the public record is silent.
    pub assumption: Option<String>,
}

/// A point on which the public record is silent and that decided, or could have decided, the outcome.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assumption {
    /// The rule that makes the choice.
    pub rule: Rule,
    /// What was assumed.
    pub message: String,
}

/// The answer for one workload.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Whether it may run.
    pub verdict: Verdict,
    /// The allowlist that exempts it.
    pub allowlist: Option<String>,
    /// Exempted: whether GKE will block exec, attach and port-forward (rule M14).
    pub no_connect: Option<bool>,
    /// The violations, up to a hundred of each constraint.
    pub violations: Vec<Violation>,
    /// Denied: why the nearest allowlists do not match, nearest first.
    pub mismatches: Vec<Mismatch>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// What else the user should know to act on a denial.
    pub notes: Vec<String>,
}

impl Decision {
    pub(crate) fn new(verdict: Verdict) -> Self {
        Decision {
            verdict,
            allowlist: None,
            no_connect: None,
            violations: Vec::new(),
            mismatches: Vec::new(),
            assumptions: Vec::new(),
            notes: Vec::new(),
        }
    }
}
