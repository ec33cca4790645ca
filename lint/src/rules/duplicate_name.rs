//! Two allowlists with the same name.

use std::collections::HashMap;

use crate::example::agent;
use crate::found::Found;
use crate::object::{Kind, Object, Source};
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-name",
    level: Level::Error,
    summary: "Two allowlists have the same name",
    rationale: "A cluster has one allowlist of each name. If two files in a bucket or a repository have the same one, it is not \
                defined which of them is installed.",
    example: agent,
    bad: "\
---
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
  containers:
  - name: agent
    image: registry.example/acme/cleanup
",
    good: "",
    fix: None,
    found_by: FoundBy::Comparison(check),
};

fn check(objects: &[Object<'_>], sources: &[Source<'_>], found: &mut Found) {
    let mut seen: HashMap<&str, &Object<'_>> = HashMap::new();
    for object in objects.iter().filter(|object| object.kind == Kind::Allowlist) {
        let Some(name) = object.manifest.name().filter(|name| !name.is_empty()) else { continue };
        let Some(first) = seen.get(name) else {
            seen.insert(name, object);
            continue;
        };
        let [place, related] = [object, first].map(|object| found.of(&RULE, object).place("/metadata/name"));
        let file = sources.get(related.source).map(|source| source.file).unwrap_or_default();
        let message = if place.source == related.source {
            format!("another allowlist of this file is named `{name}`")
        } else {
            format!("the allowlist in `{file}` is also named `{name}`")
        };
        found
            .add(&RULE, place, message)
            .help("give each allowlist its own name, which ends with a version")
            .related(related, "the first one");
    }
}
