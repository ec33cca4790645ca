//! A name that does not end in a version.

use hallpass_policy::version_suffix_stripped;

use crate::example::named;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "name-without-version",
    level: Level::Note,
    summary: "The name has no version",
    rationale: "Workloads of two versions run at the same time during an upgrade. If each version of the allowlist has its own \
                name, both can be installed, and the label `cloud.google.com/matching-allowlist` selects the right one. \
                Most partners end the names of their allowlists with a version.",
    example: named,
    bad: "acme-agent",
    good: "acme-agent-v1",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    let Some(name) = object.manifest.name().filter(|name| !name.is_empty()) else { return };
    if version_suffix_stripped(name) == name {
        reports
            .add("/metadata/name", format!("`{name}` does not end with a version"))
            .help(format!("name it `{name}-v1`, or after the version of the workload"));
    }
}
