//! C6: next to a custom compute class, only certain label keys are allowed. No allowlist exempts from this.

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::{Profile, listed};
use hallpass_workload::{COMPUTE_CLASS, NodeKeySource, Workload};

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let class = &profile.custom_class;
    let mut custom = None;
    let mut is_demanded = false;
    for (name, source) in workload.compute_classes() {
        if !class.built_in.iter().any(|known| known == name) {
            custom = Some(name);
            is_demanded |= source != NodeKeySource::Preferred;
        }
    }
    let Some(custom) = custom else { return };
    let mut any = false;
    for node_key in &workload.node_keys {
        let key = node_key.key;
        if key == COMPUTE_CLASS || listed(&class.allowed, key) {
            continue;
        }
        any = true;
        let message = format!(
            "Key '{key}' is not allowed with {}; Custom Compute Classes can only be used along labels with keys: {}.",
            node_key.source.named(),
            class.allowed.join(",")
        );
        found.violated_by_key(Constraint::CustomClassNodeKeys, node_key, message);
        if !is_demanded || !listed(&class.refused, key) {
            found.assumed(
                Rule::C6,
                format!("node label key `{key}` is refused with compute class `{custom}`: the list in a public log \
                    does not contain it"),
            );
        }
    }
    if !any {
        found.assumed(
            Rule::C11,
            format!("the cluster has a ComputeClass `{custom}`, which is not one that Google documents"),
        );
    }
}
