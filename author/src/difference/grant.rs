//! One difference.

use super::Class;

/// A thing that workloads may do under one version of an allowlist and not under the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its kind.
    pub class: Class,
    /// The container of the allowlist, unless it concerns the whole Pod.
    pub container: Option<String>,
    /// The phrase after "may": ``add the capability `SYS_ADMIN` ``.
    pub may: String,
    /// JSON pointer to the reason, from the allowlist object. The field may be absent.
    pub path: String,
    /// For a pattern, a text that only this version accepts.
    pub example: Option<Example>,
}

/// A text that shows what a pattern adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Example {
    /// A shortest text that only this version accepts.
    Text(String),
    /// The patterns are too complex to compare, so the pattern counts as wider.
    Undecided,
}

impl Grant {
    pub(super) fn new(class: Class, may: String, path: String) -> Self {
        Grant { class, container: None, may, path, example: None }
    }

    /// Sets the container; an empty name means the whole Pod.
    pub(super) fn container(mut self, name: &str) -> Self {
        self.container = (!name.is_empty()).then(|| name.to_owned());
        self
    }

    pub(super) fn example(mut self, example: Option<Example>) -> Self {
        self.example = example;
        self
    }
}
