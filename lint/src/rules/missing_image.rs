//! An entry for a container without an image.

use hallpass_document::Value;

use crate::example::container;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "missing-image",
    level: Level::Warning,
    summary: "A container has no `image` and no digests",
    rationale: "GKE's documentation does not say which images such an entry accepts. hallpass assumes that it accepts none, and \
                denies the workload. A cluster may accept every image. An entry with digests under `containerImageDigests` \
                needs no `image`.",
    example: container,
    bad: "    args:
    - --level=info
",
    good: "    image: registry.example/acme/agent
    args:
    - --level=info
",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    for (pointer, container) in object.containers() {
        let Some(name) = container.get("name").and_then(Value::as_str) else { continue };
        let image = format!("{pointer}/image");
        // Another rule reports an image of the wrong type.
        if object.get(&image).is_some() && object.text(&image) != Some("") {
            continue;
        }
        let is_listed = object.items("/containerImageDigests").any(|(entry, _)| {
            object.text(&format!("{entry}/containerName")) == Some(name)
                && !object.list(&format!("{entry}/imageDigests")).is_empty()
        });
        if !is_listed {
            reports
                .add(&image, format!("container `{name}` has no `image` and no digests"))
                .help("write its `image`, or list its digests under `containerImageDigests`");
        }
    }
}
