//! A duplicate digest of a container.

use std::collections::HashMap;

use crate::example::digest;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-digest",
    level: Level::Warning,
    summary: "A digest is a duplicate",
    rationale: "The duplicate has no effect, and often takes the place of another digest: an image has a digest for its index, \
                and one for each platform.",
    example: digest,
    bad: "92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d
  - 92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d",
    good: "92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d",
    fix: Some(Effect::PermitsNoMore),
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    let mut seen: HashMap<(&str, String), String> = HashMap::new();
    for (entry, value) in object.items("/containerImageDigests") {
        let container = value.get("containerName").and_then(|name| name.as_str()).unwrap_or_default();
        for (pointer, digest) in object.strings(&format!("{entry}/imageDigests")) {
            let hex = digest.strip_prefix("sha256:").unwrap_or(digest).to_ascii_lowercase();
            let Some(first) = seen.get(&(container, hex.clone())) else {
                seen.insert((container, hex), pointer);
                continue;
            };
            let related = reports.place(first);
            let fix = reports.remove(&pointer, "remove the duplicate");
            reports
                .add(&pointer, format!("`{digest}` is already listed for container `{container}`"))
                .help("remove it, or write the digest that was meant")
                .related(related, "the first one")
                .fix(fix);
        }
    }
}
