//! An allowlist that permits exec.

use crate::example::named;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "no-connect-false",
    level: Level::Warning,
    summary: "The allowlist permits exec into exempted Pods",
    rationale: "GKE blocks exec, attach and port-forward to exempted Pods, unless the annotation `autopilot.gke.io/no-connect` is \
                `\"false\"`. Anyone who may exec then has a shell with the exemptions of this allowlist.",
    example: named,
    bad: "acme-agent-v1
  annotations:
    autopilot.gke.io/no-connect: \"false\"",
    good: "acme-agent-v1",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

const ANNOTATION: &str = "/metadata/annotations/autopilot.gke.io~1no-connect";

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    if object.text(ANNOTATION) == Some("false") {
        reports
            .add(ANNOTATION, "exec, attach and port-forward to exempted Pods are permitted")
            .help("remove the annotation, unless the workload cannot be operated without them");
    }
}
