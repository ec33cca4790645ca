//! What `validate` answers.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::text::{MESSAGE, WARNINGS, bounded};

fn as_map<S: Serializer>(entries: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
}

/// HTTP's "forbidden".
const FORBIDDEN: u16 = 403;

/// An answer, as the policy server reads it.
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
    /// It was judged, and the rules say no: the one refusal that the mode `warn` turns into a warning.
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

    /// The rules say no.
    pub(super) fn denied(message: String) -> Self {
        Response { is_verdict: true, ..Self::unjudged(message) }.audit("verdict", "denied")
    }

    /// What is asked about could not be judged: never accepted, whatever the mode.
    pub(super) fn unjudged(message: String) -> Self {
        // What a host has to say is of any length.
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

    /// Kubernetes shows them to whoever asked.
    pub(super) fn warnings(mut self, warnings: Vec<String>) -> Self {
        self.warnings = bounded(warnings, WARNINGS);
        self
    }

    /// The mode `warn`.
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
