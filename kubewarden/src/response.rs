//! The response of `validate`.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::text::{MESSAGE, WARNINGS, bounded};

fn as_map<S: Serializer>(entries: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
}

/// HTTP status "Forbidden".
const FORBIDDEN: u16 = 403;

/// A response, in the format of the policy server.
#[derive(Serialize)]
pub(super) struct Response {
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    audit_annotations: Vec<(&'static str, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutated_object: Option<Box<RawValue>>,
    /// Whether this is a verdict of the rules: the only kind of refusal that the mode `warn` turns into a warning.
    #[serde(skip)]
    is_verdict: bool,
}

impl Response {
    pub(super) fn accepted() -> Self {
        Response {
            accepted: true,
            message: None,
            code: None,
            mutated_object: None,
            audit_annotations: Vec::new(),
            warnings: Vec::new(),
            is_verdict: false,
        }
    }

    /// Refuses because of the rules.
    pub(super) fn denied(message: String) -> Self {
        Response { is_verdict: true, ..Self::unjudged(message) }.audit("verdict", "denied")
    }

    /// Refuses a request that could not be evaluated, in any mode.
    pub(super) fn unjudged(message: String) -> Self {
        // A host's message may have any length.
        let message = bounded(message.lines().map(str::to_owned).collect(), MESSAGE).join("\n");
        Response { accepted: false, message: Some(message), code: Some(FORBIDDEN), ..Self::accepted() }
    }

    pub(super) fn mutated(mut self, object: Box<RawValue>) -> Self {
        self.mutated_object = Some(object);
        self
    }

    pub(super) fn audit(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.audit_annotations.push((key, value.into()));
        self
    }

    /// Adds warnings, which Kubernetes shows to the user.
    pub(super) fn warnings(mut self, warnings: Vec<String>) -> Self {
        self.warnings = bounded(warnings, WARNINGS);
        self
    }

    /// Applies the mode `warn`.
    pub(super) fn softened(mut self) -> Self {
        if !self.is_verdict {
            return self;
        }
        let message = self.message.take().unwrap_or_default();
        let lines = message.lines().map(str::trim_start).filter(|line| !line.is_empty()).map(str::to_owned);
        let warnings = std::mem::take(&mut self.warnings);
        Response { accepted: true, code: None, ..self }.warnings(lines.chain(warnings).collect())
    }
}
