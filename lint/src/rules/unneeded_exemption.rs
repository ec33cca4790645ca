//! An exemption from a constraint that nothing in the criteria violates.

use hallpass_policy::{Allowlist, Constraint};

use crate::found::Reports;
use crate::needs::{LIMITED, needs};
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "unneeded-exemption",
    level: Level::Warning,
    summary: "Nothing in the criteria needs an exemption",
    rationale: "A workload that violates the constraint does not match the criteria, so the exemption is never used. Usually a \
                criterion is missing, or was removed. Host ports and node labels are not criteria: any allowlist may need the \
                exemptions for them.",
    bad: "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions:
- autogke-disallow-hostnamespaces
- autogke-disallow-privilege
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
    has_fix: true,
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, allowlist: &Allowlist<'_>, reports: &mut Reports<'_>) {
    let needs = needs(allowlist);
    let is_needed = |constraint| needs.iter().any(|need| need.constraint == constraint);
    for (pointer, id) in object.strings("/exemptions") {
        let Some(constraint) = Constraint::with_id(id) else { continue };
        if !LIMITED.contains(&constraint) || is_needed(constraint) {
            continue;
        }
        let fix = reports.remove(&pointer, "remove the exemption");
        reports
            .add(&pointer, format!("nothing in the criteria violates `{id}`"))
            .help(format!("remove the exemption, or {}", criterion(constraint)))
            .fix(fix);
    }
}

/// Returns the criterion that would need the exemption.
fn criterion(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::DisallowPrivilege => "set `securityContext.privileged: true` for a container",
        Constraint::DisallowHostNamespaces => "set `hostPID`, `hostNetwork` or `hostIPC`",
        Constraint::NoWriteModeHostPath => "list the mount of a host path",
        _ => "list the capabilities under `securityContext.capabilities.add`",
    }
}
