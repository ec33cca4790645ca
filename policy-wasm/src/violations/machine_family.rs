//! C11: a machine family needs a compute class that accepts one. No allowlist exempts from this.

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::Profile;
use hallpass_workload::{COMPUTE_CLASS, NodeKeySource, Workload};

const MACHINE_FAMILY: &str = "cloud.google.com/machine-family";

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let selecting = |key| workload.node_keys.iter().find(move |node_key| node_key.key == key);
    let Some(family) = selecting(MACHINE_FAMILY) else { return };
    let classes = &profile.machine_family_classes;
    let demanded = || workload.compute_classes().filter(|(_, source)| *source != NodeKeySource::Preferred);
    if demanded().next().is_some() && demanded().all(|(name, _)| classes.iter().any(|class| class == name)) {
        return;
    }
    let message = format!(
        "Pods with node selector or affinity for \"{MACHINE_FAMILY}\" must also specify compute class \"{}\".",
        classes.join("\", \"")
    );
    found.violated_by_key(Constraint::MachineFamilySelection, family, message);
    if selecting(COMPUTE_CLASS).is_some() {
        found.assumed(
            Rule::C11,
            "a machine family is refused with this compute class: no complete list of the classes that accept one \
             is public"
                .to_owned(),
        );
    }
}
