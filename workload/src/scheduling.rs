//! The node labels that a Pod spec selects by, and the taints that it tolerates.

use super::read::string_map;
use super::shape::{NODE_REQUIREMENT, TOLERATION};
use super::{NodeKey, NodeKeySource, Toleration};
use hallpass_document::{At, Diagnostics, Value};

/// The node label that selects a compute class (GKE's documentation on `ComputeClass`).
pub const COMPUTE_CLASS: &str = "cloud.google.com/compute-class";

pub(super) fn read_node_selector<'v>(
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> impl Iterator<Item = NodeKey<'v>> {
    let entries = string_map(value, at, faults).into_iter();
    entries.map(move |(key, value)| NodeKey {
        key,
        values: vec![value],
        path: at.key(key).pointer(),
        source: NodeKeySource::Selector,
    })
}

pub(super) fn read_affinity<'v>(
    value: &'v Value<'v>,
    at: &At<'_>,
    found: &mut Vec<NodeKey<'v>>,
    faults: &mut Diagnostics,
) {
    let node_at = at.key("nodeAffinity");
    for (name, affinity) in faults.map(value, at) {
        if name != "nodeAffinity" {
            continue;
        }
        for (key, value) in faults.map(affinity, &node_at) {
            let at = node_at.key(key);
            match &**key {
                "requiredDuringSchedulingIgnoredDuringExecution" => {
                    for (key, value) in faults.map(value, &at) {
                        if key == "nodeSelectorTerms" {
                            let at = at.key(key);
                            for (index, term) in faults.list(value, &at).iter().enumerate() {
                                read_term(term, NodeKeySource::Required, &at.index(index), found, faults);
                            }
                        }
                    }
                }
                "preferredDuringSchedulingIgnoredDuringExecution" => {
                    for (index, item) in faults.list(value, &at).iter().enumerate() {
                        let at = at.index(index);
                        for (key, term) in faults.map_item(item, &at) {
                            if key == "preference" {
                                read_term(term, NodeKeySource::Preferred, &at.key(key), found, faults);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn read_term<'v>(
    term: &'v Value<'v>,
    source: NodeKeySource,
    at: &At<'_>,
    found: &mut Vec<NodeKey<'v>>,
    faults: &mut Diagnostics,
) {
    for (key, value) in faults.map_item(term, at) {
        // `matchFields` selects by node name, not by label (rule C6).
        if key != "matchExpressions" {
            continue;
        }
        let at = at.key(key);
        for (index, item) in faults.list(value, &at).iter().enumerate() {
            found.extend(read_requirement(item, source, &at.index(index), faults));
        }
    }
}

fn read_requirement<'v>(
    value: &'v Value<'v>,
    source: NodeKeySource,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Option<NodeKey<'v>> {
    let (mut label, mut operator, mut values) = (None, None, Vec::new());
    for (key, value) in faults.map_item(value, at) {
        let at = at.key(key);
        match &**key {
            "key" => label = faults.string(value, &at),
            "operator" => operator = faults.string(value, &at),
            "values" => values = faults.strings(value, &at),
            _ => NODE_REQUIREMENT.unread(key, &at, faults),
        }
    }
    if operator != Some("In") {
        values.clear();
    }
    Some(NodeKey { key: label?, values, path: at.key("key").pointer(), source })
}

pub(super) fn read_tolerations<'v>(
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Vec<Toleration<'v>> {
    let mut tolerations = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        let mut toleration = Toleration::default();
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            let field = match &**key {
                "key" => &mut toleration.key,
                "operator" => &mut toleration.operator,
                "value" => &mut toleration.value,
                "effect" => &mut toleration.effect,
                _ => {
                    TOLERATION.unread(key, &at, faults);
                    continue;
                }
            };
            *field = faults.string(value, &at).unwrap_or_default();
        }
        tolerations.push(toleration);
    }
    tolerations
}
