//! C6: node labels.

use hallpass_policy::Profile;
use hallpass_workload::NodeKeySource;

use super::listed;
use crate::text::literal;
use crate::workload::{NodeKeys, Requirement};

/// Labels in the domains of GKE and Kubernetes never separate workloads.
const RESERVED: &str = r"^(?:[^/]*\.)?(?:gke\.io|google\.com|k8s\.io|kubernetes\.io)/";

pub(super) fn messages(profile: &Profile) -> String {
    let keys = &profile.node_keys;
    let refused = |label: &Requirement| {
        let key = label.key;
        let permitted = listed(key, &[&keys.allowed, &keys.assumed]);
        format!("!{permitted} &&\n  !({})", separates(label, &keys.refused))
    };
    NodeKeys::messages(refused, |label| {
        let end = match label.source {
            NodeKeySource::Selector => " is not allowed with node selector.",
            NodeKeySource::Required | NodeKeySource::Preferred => " is not allowed with node affinity.",
        };
        format!("{} + {} + {}", literal("Key '"), label.key, literal(&format!("'{end}")))
    })
}

/// Whether the workload requests dedicated nodes with the label: with tolerations for all its values.
fn separates(label: &Requirement, refused: &[String]) -> String {
    let (key, values) = (label.key, label.values);
    if label.source == NodeKeySource::Preferred {
        return "false".to_owned();
    }
    let field = |name: &str| format!("(has(toleration.{name}) ? toleration.{name} : '')");
    let [operator, value, effect] = ["operator", "value", "effect"].map(field);
    let tolerated = format!(
        "variables.spec.tolerations.exists(toleration, has(toleration.key) && toleration.key == {key} && \
         {effect} in ['NoSchedule', 'NoExecute'] && \
         ({operator} == 'Exists' && {value} == '' || {operator} in ['', 'Equal'] && {value} == value))"
    );
    format!(
        "!{}.lowerAscii().matches({}) && !{} && has(variables.spec.tolerations) && {values}.size() > 0 &&\n    \
         {values}.all(value, value != '' && {tolerated})",
        key,
        literal(RESERVED),
        listed(key, &[refused]),
    )
}
