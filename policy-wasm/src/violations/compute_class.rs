//! C11: a Pod may select only one compute class. No allowlist exempts from this.

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use hallpass_workload::{COMPUTE_CLASS, NodeKey, NodeKeySource, Workload};

pub(super) fn check(workload: &Workload<'_>, found: &mut Findings) {
    let selecting = || workload.node_keys.iter().filter(|node_key| node_key.key == COMPUTE_CLASS);
    let is_preferred = |node_key: &NodeKey<'_>| node_key.source == NodeKeySource::Preferred;
    let demanded = selecting().filter(|node_key| !is_preferred(node_key));
    let mut first: Option<(&str, bool)> = None;
    for node_key in demanded.chain(selecting().filter(|node_key| is_preferred(node_key))) {
        for name in &node_key.values {
            let Some((known, is_first_preferred)) = first else {
                first = Some((name, is_preferred(node_key)));
                continue;
            };
            if known != *name {
                two(known, name, node_key, is_first_preferred, found);
                return;
            }
        }
    }
    if selecting().any(|node_key| node_key.values.is_empty()) {
        found.assumed(
            Rule::C11,
            format!(
                "an affinity for `{COMPUTE_CLASS}` with an operator other than `In` is accepted: the public \
                record has no example"
            ),
        );
    }
}

fn two(first: &str, second: &str, at: &NodeKey<'_>, is_first_preferred: bool, found: &mut Findings) {
    let is_preferred = at.source == NodeKeySource::Preferred;
    if !is_first_preferred {
        found.violated(
            Constraint::ComputeClass,
            at.path.clone(),
            format!(
                "compute classes '{first}' and '{second}' are selected; Autopilot allows one value of \
                {COMPUTE_CLASS}."
            ),
        );
    }
    if is_preferred {
        let outcome = if is_first_preferred { "accepted" } else { "refused" };
        found.assumed(
            Rule::C11,
            format!(
                "compute class `{second}` in addition to `{first}` is {outcome}: GKE does not document how \
                preferred classes count"
            ),
        );
    }
}
