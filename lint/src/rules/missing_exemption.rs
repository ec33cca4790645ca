//! A criterion that violates a constraint from which the allowlist does not exempt.

use hallpass_policy::Allowlist;

use crate::example::exempting;
use crate::found::Reports;
use crate::needs::{LIMITED, needs};
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "missing-exemption",
    level: Level::Error,
    summary: "The criteria permit what the exemptions do not cover",
    rationale: "An allowlist exempts a workload only if its `exemptions` name every constraint that the workload violates. A \
                workload that uses this criterion violates one that they do not name, so it is denied although it matches.",
    example: |exemptions| exempting(exemptions) + "    securityContext:\n      privileged: true\n",
    bad: "
- autogke-disallow-hostnamespaces",
    good: "
- autogke-disallow-hostnamespaces
- autogke-disallow-privilege",
    fix: None,
    found_by: FoundBy::Criteria(check),
};

fn check(_: &Object<'_>, allowlist: &Allowlist<'_>, reports: &mut Reports<'_>) {
    // An allowlist without exemptions has one finding of another rule.
    if allowlist.exemptions().next().is_none() {
        return;
    }
    let needs = needs(allowlist);
    for constraint in LIMITED.into_iter().filter(|constraint| !allowlist.exempts_from(*constraint)) {
        let mut lacking = needs.iter().filter(|need| need.constraint == constraint);
        let Some(first) = lacking.next() else { continue };
        let others = match lacking.count() {
            0 => String::new(),
            count => format!(", and {count} more like it"),
        };
        let id = constraint.id();
        reports
            .add(&first.pointer, format!("no exemption covers {}{others}: it violates `{id}`", first.what))
            .help(format!("add `{id}` to `exemptions`, or remove the criterion"));
    }
}
