//! A field that looks like a criterion, and is not compared.

use hallpass_document::Value;

use crate::example::variable;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "ignored-field",
    level: Level::Warning,
    summary: "A field looks like a limit, but is not compared",
    rationale: "GKE compares variables by name, volumes without the `type` of their host path, and disks without their name. \
                Google's own sample contains such fields, but the CRD has none of them: any value is permitted.",
    example: variable,
    bad: "ACME_LEVEL
      value: info",
    good: "ACME_LEVEL",
    fix: Some(Effect::PermitsNoMore),
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    let mut report = |pointer: String, what: &str| {
        let fix = reports.remove(&pointer, "remove the field");
        let help = "remove it, so that nobody relies on it";
        reports.add(&pointer, format!("{what} is not compared: any value is permitted")).help(help).fix(fix);
    };
    for (container, value) in object.containers() {
        let Some(Value::List(env)) = value.get("env") else { continue };
        for (index, _) in env.iter().enumerate().filter(|(_, entry)| entry.get("value").is_some()) {
            report(format!("{container}/env/{index}/value"), "the value of a variable");
        }
    }
    for (volume, value) in object.items("/matchingCriteria/volumes") {
        for (source, field, what) in OF_VOLUMES {
            if value.get(source).and_then(|source| source.get(field)).is_some() {
                report(format!("{volume}/{source}/{field}"), what);
            }
        }
    }
}

const OF_VOLUMES: [(&str, &str, &str); 2] =
    [("hostPath", "type", "the type of a host path"), ("gcePersistentDisk", "pdName", "the name of a disk")];
