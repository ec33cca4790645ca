//! A name that does not end in a version.

use hallpass_policy::version_suffix_stripped;

use crate::Context;
use crate::found::Reports;
use crate::object::{Kind, Object};
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "name-without-version",
    level: Level::Note,
    summary: "The name has no version",
    rationale: "Workloads of two versions run at the same time during an upgrade. If each version of the allowlist has its own \
                name, both can be installed, and the label `cloud.google.com/matching-allowlist` selects the right one. \
                Most partners end the names of their allowlists with a version.",
    bad: "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
  containers:
  - name: agent
    image: registry.example/acme/agent
",
    good: allowlist!(
        "
    image: registry.example/acme/agent
"
    ),
    fix: None,
    found_by: FoundBy::Object(Kind::Allowlist, check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    let Some(name) = object.manifest.name().filter(|name| !name.is_empty()) else { return };
    if version_suffix_stripped(name) == name {
        reports
            .add("/metadata/name", format!("`{name}` does not end with a version"))
            .help(format!("name it `{name}-v1`, or after the version of the workload"));
    }
}
