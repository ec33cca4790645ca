//! Changes values in a YAML or JSON file, and keeps every other byte.

/// Why an edit is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, as the end of a sentence: "a comment would be lost".
    pub reason: String,
    /// What to do.
    pub help: String,
}
