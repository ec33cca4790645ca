//! A name that is too long for the label that selects an allowlist.

use super::invalid_name::is_valid;
use crate::example::named;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "name-too-long",
    level: Level::Error,
    summary: "The name is too long for a label",
    rationale: "A workload selects its allowlist by the label `cloud.google.com/matching-allowlist`, and GKE explains a denial \
                only to workloads with that label. The value of a label has at most 63 characters; names may be longer.",
    example: named,
    bad: "acme-agent-daemonset-exemption-for-clusters-with-host-networking-v1.0.0",
    good: "acme-agent-v1",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

/// The maximum length of the value of a label.
const LONGEST: usize = 63;

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    let Some(name) = object.manifest.name() else { return };
    if is_valid(name) && name.len() > LONGEST {
        let message = format!(
            "no label can select the allowlist: its name has {} characters, a label at most 63",
            name.len()
        );
        reports.add("/metadata/name", message).help("shorten the name");
    }
}
