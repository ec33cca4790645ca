//! The node labels by which workloads select nodes (rules C6 and C11).

use hallpass_workload::{COMPUTE_CLASS, NodeKeySource};

use crate::text::literal;
use crate::variable::Variable;

/// Applies an expression for one node label key to all of them. Before Kubernetes 1.31, CEL cannot flatten lists of lists, so
/// each place of keys has its own expression.
pub(crate) struct NodeKeys;

/// A key in one of the places, as expressions.
pub(crate) struct Requirement {
    /// The key.
    pub(crate) key: &'static str,
    /// The list of the accepted values.
    pub(crate) values: &'static str,
    pub(crate) source: NodeKeySource,
}

const SELECTOR: Requirement =
    Requirement { key: "key", values: "[variables.node_selector[key]]", source: NodeKeySource::Selector };
const REQUIRED: Requirement =
    Requirement { key: "label.key", values: "label.values", source: NodeKeySource::Required };
const PREFERRED: Requirement = Requirement { source: NodeKeySource::Preferred, ..REQUIRED };

impl NodeKeys {
    /// Returns the condition that `condition` holds for any key.
    pub(crate) fn any(condition: impl Fn(&Requirement) -> String) -> String {
        format!(
            "variables.node_selector.exists(key, {}) ||\n\
             variables.required_labels.exists(term, term.exists(label, {})) ||\n\
             variables.preferred_labels.exists(term, term.exists(label, {}))",
            condition(&SELECTOR),
            condition(&REQUIRED),
            condition(&PREFERRED)
        )
    }

    /// Returns a list with a message for each key of the selector, and for the first such key of each term of an affinity,
    /// for which a condition holds.
    pub(crate) fn messages(
        condition: impl Fn(&Requirement) -> String,
        message: impl Fn(&Requirement) -> String,
    ) -> String {
        let of_terms = |terms: &str, place: &Requirement| {
            let found = format!("filter(label, {})", condition(place));
            format!(
                "{terms}.map(term, term.{found}).filter(term, term.size() > 0).map(term, term[0]).map(label, {})",
                message(place)
            )
        };
        format!(
            "variables.node_selector.filter(key, {}).map(key, {}) +\n{} +\n{}",
            condition(&SELECTOR),
            message(&SELECTOR),
            of_terms("variables.required_labels", &REQUIRED),
            of_terms("variables.preferred_labels", &PREFERRED),
        )
    }
}

/// Returns the condition that `condition` on `class` holds for a compute class that the workload demands.
pub(crate) fn any_demanded_class(condition: &str) -> String {
    format!("variables.demanded_classes.exists(term, term.exists(values, values.exists(class, {condition})))")
}

/// Returns the condition that `condition` on `other` holds for a compute class that the workload demands or prefers.
pub(crate) fn any_class(condition: &str) -> String {
    format!(
        "(variables.demanded_classes + variables.preferred_classes).exists(place,\n  \
         place.exists(list, list.exists(other, {condition})))"
    )
}

pub(super) fn variables() -> Vec<Variable> {
    let affinity = "variables.spec.affinity.nodeAffinity";
    let has =
        |field: &str| format!("has(variables.spec.affinity) && has({affinity}) && has({affinity}.{field})");
    // Only the operator `In` selects named values.
    let labels = |term: &str| {
        format!(
            "has({term}.matchExpressions) ? {term}.matchExpressions.map(label, {{\n    \
             'key': dyn(label.key),\n    \
             'values': dyn(label.operator == 'In' && has(label.values) ? label.values : [])\n  \
             }}) : []"
        )
    };
    let class = literal(COMPUTE_CLASS);
    let classes = |terms: &str| {
        format!(
            "variables.{terms}.map(term, term.filter(label, label.key == {class}).map(label, label.values))"
        )
    };
    let (required, preferred) =
        ("requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution");
    vec![
        Variable::new("node_selector", "has(variables.spec.nodeSelector) ? variables.spec.nodeSelector : {}"),
        Variable::new(
            "required_labels",
            format!(
                "{} ?\n  {affinity}.{required}.nodeSelectorTerms.map(term, {}) : []",
                has(required),
                labels("term")
            ),
        ),
        Variable::new(
            "preferred_labels",
            format!(
                "{} ?\n  {affinity}.{preferred}.map(item, {}) : []",
                has(preferred),
                labels("item.preference")
            ),
        ),
        Variable::new(
            "demanded_classes",
            format!(
                "[variables.node_selector.filter(key, key == {class}).map(key, [variables.node_selector[key]])] +\n{}",
                classes("required_labels")
            ),
        ),
        Variable::new("preferred_classes", classes("preferred_labels")),
    ]
}
