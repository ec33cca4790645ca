//! A duplicate entry in a list.

use std::collections::HashSet;

use hallpass_document::Value;

use crate::example::variable;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-entry",
    level: Level::Note,
    summary: "A list has a duplicate entry",
    rationale: "The duplicate has no effect: without it, the allowlist matches the same workloads.",
    example: variable,
    bad: "HOST_PROC
    - name: HOST_PROC",
    good: "HOST_PROC",
    fix: Some(Effect::PermitsNoMore),
    found_by: FoundBy::Allowlist(check),
};

const OF_CONTAINERS: [&str; 7] = [
    "/args",
    "/env",
    "/envFrom",
    "/volumeMounts",
    "/volumeDevices",
    "/securityContext/capabilities/add",
    "/securityContext/capabilities/drop",
];

const OF_OBJECT: [&str; 4] = [
    "/exemptions",
    "/matchingCriteria/containers",
    "/matchingCriteria/initContainers",
    "/matchingCriteria/volumes",
];

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    OF_OBJECT.into_iter().for_each(|list| check_list(object, list, reports));
    for (container, _) in object.containers() {
        OF_CONTAINERS.into_iter().for_each(|list| check_list(object, &format!("{container}{list}"), reports));
    }
}

fn check_list(object: &Object<'_>, list: &str, reports: &mut Reports<'_>) {
    let items = object.list(list);
    // Only entries with the same names and paths can be equal.
    let mut seen = HashSet::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if seen.insert((name(item), path(item))) {
            continue;
        }
        let Some(first) = items.iter().take(index).position(|other| other == item) else { continue };
        let pointer = format!("{list}/{index}");
        let related = reports.place(&format!("{list}/{first}"));
        let fix = reports.remove(&pointer, "remove the duplicate");
        let message = match name(item) {
            "" => "the list already has this entry".to_owned(),
            name => format!("the list already has `{name}`"),
        };
        reports.add(&pointer, message).help("remove it").related(related, "the first one").fix(fix);
    }
}

fn name<'v>(item: &'v Value<'_>) -> &'v str {
    let source = || item.get("configMapRef").or_else(|| item.get("secretRef"));
    let named = item.get("name").or_else(|| source()?.get("name"));
    item.as_str().or_else(|| named?.as_str()).unwrap_or_default()
}

fn path<'v>(item: &'v Value<'_>) -> &'v str {
    item.get("mountPath").or_else(|| item.get("devicePath")).and_then(Value::as_str).unwrap_or_default()
}
