//! The result of a case, in the terms that a case can expect.

/// The complete result of a case.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// One per workload.
    pub(crate) verdicts: Vec<String>,
    pub(crate) skipped: usize,
    pub(crate) allowlist: Option<String>,
    pub(crate) no_connect: Option<bool>,
    /// Of all workloads together; the same applies to the next two.
    pub(crate) violations: Vec<Finding>,
    pub(crate) mismatches: Vec<Finding>,
    /// Rule ids.
    pub(crate) assumptions: Vec<String>,
    pub(crate) not_evaluated: Vec<String>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

/// A violation or a mismatch.
#[derive(Debug)]
pub(crate) struct Finding {
    /// A constraint's id or a rule's.
    pub(crate) of: String,
    pub(crate) message: String,
    pub(crate) place: Place,
    /// The fields that only a mismatch has.
    pub(crate) with: Option<With>,
}

/// The allowlist's side of a mismatch.
#[derive(Debug)]
pub(crate) struct With {
    pub(crate) allowlist: String,
    pub(crate) considered: bool,
    pub(crate) workload: Option<String>,
    pub(crate) expected: Option<String>,
    pub(crate) help: String,
    /// Absent if the allowlist is not loaded.
    pub(crate) place: Option<Place>,
}

/// An error or a warning.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) place: Place,
}

/// A location in a text.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) anchor: Option<String>,
}
