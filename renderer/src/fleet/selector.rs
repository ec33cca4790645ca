//! Kubernetes label selectors for clusters.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Cluster;

/// A selector with the semantics of Kubernetes: all of its parts must match, and an empty selector selects everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Selector {
    pub(crate) match_labels: BTreeMap<String, String>,
    pub(crate) match_expressions: Vec<Expression>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Expression {
    pub(crate) key: String,
    pub(crate) operator: Operator,
    #[serde(default)]
    pub(crate) values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Operator {
    pub(crate) fn takes_values(self) -> bool {
        matches!(self, Operator::In | Operator::NotIn)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Operator::In => "In",
            Operator::NotIn => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
        }
    }
}

impl Selector {
    pub(crate) fn selects(&self, cluster: &Cluster) -> bool {
        let labels = &cluster.labels;
        self.match_labels.iter().all(|(key, value)| labels.get(key) == Some(value))
            && self.match_expressions.iter().all(|expression| expression.holds(labels))
    }
}

impl Expression {
    fn holds(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In => value.is_some_and(|value| self.values.contains(value)),
            // As in Kubernetes, a cluster without the label is not in any list.
            Operator::NotIn => value.is_none_or(|value| !self.values.contains(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Selector;
    use crate::fleet::Cluster;

    fn selected(selector: Value) -> Vec<&'static str> {
        let selector: Selector = serde_json::from_value(selector).unwrap();
        let clusters = [
            ("prod-eu", json!({ "env": "prod", "region": "eu" })),
            ("prod-us", json!({ "env": "prod", "region": "us" })),
            ("dev", json!({ "env": "dev" })),
            ("bare", json!({})),
        ];
        let cluster = |(name, labels): &(&str, Value)| -> Cluster {
            let cluster = json!({ "name": name, "labels": labels, "gkeVersion": "1.35", "path": name });
            serde_json::from_value(cluster).unwrap()
        };
        clusters.iter().filter(|each| selector.selects(&cluster(each))).map(|(name, _)| *name).collect()
    }

    fn by(key: &str, operator: &str, values: &[&str]) -> Vec<&'static str> {
        selected(json!({ "matchExpressions": [{ "key": key, "operator": operator, "values": values }] }))
    }

    #[test]
    fn selects_as_kubernetes_does() {
        assert_eq!(selected(json!({})), ["prod-eu", "prod-us", "dev", "bare"]);
        assert_eq!(selected(json!({ "matchLabels": { "env": "prod" } })), ["prod-eu", "prod-us"]);
        assert_eq!(by("region", "In", &["eu", "asia"]), ["prod-eu"]);
        assert_eq!(by("region", "NotIn", &["eu"]), ["prod-us", "dev", "bare"]);
        assert_eq!(by("region", "Exists", &[]), ["prod-eu", "prod-us"]);
        assert_eq!(by("region", "DoesNotExist", &[]), ["dev", "bare"]);
    }

    #[test]
    fn all_parts_must_hold() {
        let parts = json!({
            "matchLabels": { "env": "prod" },
            "matchExpressions": [{ "key": "region", "operator": "NotIn", "values": ["eu"] }],
        });
        assert_eq!(selected(parts), ["prod-us"]);
        assert_eq!(selected(json!({ "matchLabels": { "env": "dev", "region": "eu" } })), [] as [&str; 0]);
    }
}
