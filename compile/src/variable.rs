//! A variable of a policy. The API server evaluates it at most once per request, when an expression first needs it.

/// A named CEL expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name; expressions use `variables.NAME`.
    pub name: String,
    /// The expression.
    pub expression: String,
}

impl Variable {
    pub(crate) fn new(name: impl Into<String>, expression: impl Into<String>) -> Self {
        Variable { name: name.into(), expression: expression.into() }
    }
}
