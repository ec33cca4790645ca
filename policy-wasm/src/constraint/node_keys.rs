//! C6: only certain node labels may be selected by.

use super::{Constraint, Findings};
use crate::decision::Rule;
use crate::profile::Profile;
use crate::workload::Workload;

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let listed = |list: &[String], key: &str| list.iter().any(|listed| listed == key);
    for node_key in &workload.node_keys {
        let key = node_key.key;
        if listed(profile.node_keys(), key) {
            continue;
        }
        let means = if node_key.affinity { "node affinity" } else { "node selector" };
        found.violated(
            Constraint::NodeAffinitySelectorLimitation,
            node_key.path.clone(),
            format!(
                "Key '{key}' is not allowed with {means}; Autopilot only allows labels with keys: {}.",
                profile.node_keys().join(",")
            ),
        );
        if !listed(profile.refused_node_keys(), key) {
            found.assumed(
                Rule::C6,
                format!(
                    "node label key `{key}` is refused: GKE's list of allowed keys is public only in part"
                ),
            );
        }
    }
}
