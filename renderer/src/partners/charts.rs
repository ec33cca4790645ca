//! Partners' charts that bring a synchronizer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A chart and the synchronizer that it creates, or that its instructions create.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartnerChart {
    /// The name of the chart.
    pub name: String,
    /// The name of the synchronizer.
    pub synchronizer: String,
    /// Who creates it.
    pub created: Created,
    /// The paths that it may own. Some charts name files, and other files in each version.
    pub paths: Vec<String>,
    /// The values with which the chart creates it, by their paths: `providers.gke.autopilot`.
    pub when: BTreeMap<String, Value>,
    /// What turns it off.
    pub off: Off,
    /// Where the vendor's repository says so.
    pub source: String,
}

/// Who creates a synchronizer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Created {
    /// A hook of the chart.
    Chart,
    /// The user, following the chart's instructions.
    ByHand,
}

/// What turns a chart's synchronizer off; empty if nothing does.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Off {
    /// Values of the chart, by their paths.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Value>,
    /// Fields of Flux's HelmRelease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helm_release: Option<Value>,
}

impl PartnerChart {
    /// Whether the chart creates its synchronizer with these values.
    #[must_use]
    pub fn creates(&self, values: &Value) -> bool {
        let off = !self.off.values.is_empty() && has(values, &self.off.values);
        self.created == Created::Chart && has(values, &self.when) && !off
    }
}

impl Off {
    /// Whether these fields of a HelmRelease turn the synchronizer off.
    #[must_use]
    pub fn is_in(&self, release: &Value) -> bool {
        self.helm_release.as_ref().is_some_and(|off| contains(release, off))
    }

    /// Returns the lines of `helm_release`: `spec.install.disableHooks: true`.
    #[must_use]
    pub fn release_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(release) = &self.helm_release {
            flatten(release, "", &mut lines);
        }
        lines
    }

    /// Returns the lines of `values`: `operator.enabled: false`.
    #[must_use]
    pub fn value_lines(&self) -> Vec<String> {
        self.values.iter().map(|(path, value)| format!("{path}: {value}")).collect()
    }
}

fn has(values: &Value, wanted: &BTreeMap<String, Value>) -> bool {
    wanted.iter().all(|(path, wanted)| {
        let found = path.split('.').try_fold(values, |value, key| value.get(key));
        found == Some(wanted)
    })
}

fn contains(object: &Value, part: &Value) -> bool {
    match (object, part) {
        (Value::Object(object), Value::Object(part)) => {
            part.iter().all(|(key, part)| object.get(key).is_some_and(|value| contains(value, part)))
        }
        (object, part) => object == part,
    }
}

fn flatten(value: &Value, path: &str, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(value, &path, lines);
            }
        }
        scalar => lines.push(format!("{path}: {scalar}")),
    }
}
