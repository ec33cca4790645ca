//! A mount whose volume the allowlist does not have.

use std::collections::BTreeSet;

use hallpass_document::{Value, nearest};

use crate::example::agent;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};
use crate::syntax::sign_of_name;

pub(crate) static RULE: Rule = Rule {
    id: "mount-without-volume",
    level: Level::Error,
    summary: "A mount has no volume",
    rationale: "A workload with this mount also has a volume with its name, and each volume of a workload needs an entry under \
                `volumes`. Without the entry, every workload that uses the mount is denied.",
    example: agent,
    bad: "    volumeMounts:
    - name: state
      mountPath: /var/lib/acme
",
    good: "    volumeMounts:
    - name: state
      mountPath: /var/lib/acme
  volumes:
  - name: state
",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

/// The beginning of the names of volumes that the API server adds, which need no entry.
const INJECTED: &str = "kube-api-access-";

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    let name = |value: &Value<'_>| value.get("name").and_then(Value::as_str).map(str::to_owned);
    let volumes: BTreeSet<String> =
        object.items("/matchingCriteria/volumes").filter_map(|(_, volume)| name(volume)).collect();
    for (container, _) in object.containers() {
        for (list, what) in [("volumeMounts", "mount"), ("volumeDevices", "device")] {
            for (pointer, entry) in object.items(&format!("{container}/{list}")) {
                let Some(name) = name(entry).filter(|name| !volumes.contains(name)) else { continue };
                if name.starts_with(INJECTED) || sign_of_name(&name).is_some() {
                    continue;
                }
                let help = match nearest(&name, volumes.iter().map(String::as_str)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("add the volume `{name}` under `matchingCriteria.volumes`"),
                };
                let message = format!("the allowlist has no volume `{name}` for this {what}");
                reports.add(&format!("{pointer}/name"), message).help(help);
            }
        }
    }
}
