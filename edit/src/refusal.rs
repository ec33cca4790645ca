//! The reasons why an edit is not made.

/// The reason why an edit is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, as the end of a sentence: "a comment would be lost".
    pub reason: String,
    /// The help line.
    pub help: String,
}

impl Refusal {
    /// Creates a refusal.
    pub fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Refusal { reason: reason.into(), help: help.into() }
    }

    pub(crate) fn odd() -> Self {
        Refusal::new("its notation is unusual", "write it as a block: each field on its own line")
    }

    pub(crate) fn anchored(name: &str) -> Self {
        Refusal::new(format!("it is used through the anchor `{name}`"), "write it out, without the anchor")
    }

    pub(crate) fn commented(comment: &str) -> Self {
        let help = "remove it by hand, with its comment";
        Refusal::new(format!("a comment is about it: `{comment}`"), help)
    }

    pub(crate) fn comment(lost: &str) -> Self {
        let help = "move the comment out of the list, or write each item on its own line after `- `";
        Refusal::new(format!("a comment would be lost: `{lost}`"), help)
    }
}
