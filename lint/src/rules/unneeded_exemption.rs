//! An exemption from a constraint that nothing in the criteria violates.

use hallpass_policy::{Allowlist, Constraint};

use crate::example::exempting;
use crate::found::Reports;
use crate::needs::{LIMITED, needs};
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "unneeded-exemption",
    level: Level::Warning,
    summary: "Nothing in the criteria needs an exemption",
    rationale: "A workload that violates the constraint does not match the criteria, so the exemption is never used, and \
                `--fix` changes no verdict. If the workload needs the exemption, add the criterion instead. Host ports and node labels are not criteria: any allowlist may need the \
                exemptions for them.",
    example: exempting,
    bad: "
- autogke-disallow-hostnamespaces
- autogke-disallow-privilege",
    good: "
- autogke-disallow-hostnamespaces",
    fix: Some(Effect::PermitsNoMore),
    found_by: FoundBy::Criteria(check),
};

fn check(object: &Object<'_>, allowlist: &Allowlist<'_>, reports: &mut Reports<'_>) {
    let needs = needs(allowlist);
    let is_unneeded =
        |constraint| LIMITED.contains(&constraint) && !needs.iter().any(|need| need.constraint == constraint);
    let unneeded: Vec<(String, &str, Constraint)> = object
        .strings("/exemptions")
        .filter_map(|(pointer, id)| Some((pointer, id, Constraint::with_id(id).filter(|c| is_unneeded(*c))?)))
        .collect();
    // Without any exemption, the allowlist would have no effect.
    let can_be_removed = unneeded.len() < object.list("/exemptions").len();
    for (pointer, id, constraint) in unneeded {
        let fix = reports.remove(&pointer, "remove the exemption");
        let finding = reports
            .add(&pointer, format!("nothing in the criteria violates `{id}`"))
            .help(format!("remove the exemption, or {}", criterion(constraint)));
        if can_be_removed {
            finding.fix(fix);
        }
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
