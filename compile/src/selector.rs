//! Label selectors of namespaces, as kubectl writes them.

use std::fmt;
use std::str::FromStr;

use crate::names::{LONGEST_LABEL, LONGEST_NAME, is_dns_subdomain};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};
use serde::Deserialize;

/// Namespaces by label: `env=prod,team!=dev,audited`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Selector(LabelSelector);

/// The reason why a text is not a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError(String);

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: write KEY=VALUE, KEY!=VALUE, KEY or !KEY, separated by commas", self.0)
    }
}

impl std::error::Error for SelectorError {}

impl Selector {
    /// Returns the selector as Kubernetes' type.
    #[must_use]
    pub fn as_label_selector(&self) -> &LabelSelector {
        &self.0
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let requirements =
            text.split(',').map(|part| requirement(part.trim())).collect::<Result<Vec<_>, _>>()?;
        Ok(Selector(LabelSelector { match_expressions: Some(requirements), match_labels: None }))
    }
}

impl TryFrom<String> for Selector {
    type Error = SelectorError;

    fn try_from(text: String) -> Result<Self, SelectorError> {
        text.parse()
    }
}

fn requirement(text: &str) -> Result<LabelSelectorRequirement, SelectorError> {
    let (key, operator, value) = match (text.split_once("!="), text.split_once('='), text.strip_prefix('!')) {
        (Some((key, value)), _, _) => (key, "NotIn", Some(value)),
        (_, Some((key, value)), _) => (key, "In", Some(value.trim_start_matches('='))),
        (_, _, Some(key)) => (key, "DoesNotExist", None),
        _ => (text, "Exists", None),
    };
    let (key, value) = (key.trim(), value.map(str::trim));
    if !is_key(key) {
        return Err(SelectorError(format!("`{key}` is not a label key")));
    }
    if let Some(value) = value.filter(|value| !value.is_empty() && !is_name(value)) {
        return Err(SelectorError(format!("`{value}` is not a label value")));
    }
    Ok(LabelSelectorRequirement {
        key: key.to_owned(),
        operator: operator.to_owned(),
        values: value.map(|value| vec![value.to_owned()]),
    })
}

/// Whether a text is a name with an optional prefix, which is a DNS subdomain (Kubernetes, "Labels and Selectors").
fn is_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => prefix.len() <= LONGEST_NAME && is_dns_subdomain(prefix) && is_name(name),
        None => is_name(text),
    }
}

fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let outer = |c: char| c.is_ascii_alphanumeric();
    text.len() <= LONGEST_LABEL && text.chars().all(inner) && text.starts_with(outer) && text.ends_with(outer)
}
