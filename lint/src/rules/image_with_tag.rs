//! An image with a tag.

use hallpass_document::Value;
use hallpass_policy::pattern::is_pattern;
use hallpass_workload::ImageReference;

use crate::Context;
use crate::fix::{Edit, Fix};
use crate::found::Reports;
use crate::object::{Kind, Object};
use crate::rule::{FoundBy, Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "image-with-tag",
    level: Level::Warning,
    summary: "An `image` has a tag",
    rationale: "An entry with a tag matches only exactly that text: a workload with another tag, or with a digest, is denied. \
                Without the tag, it matches every tag.",
    bad: "\
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
    image: registry.example/acme/agent:1.2
",
    good: "\
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
    image: registry.example/acme/agent
",
    has_fix: true,
    found_by: FoundBy::Object(Kind::Allowlist, check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    for (pointer, container) in object.containers() {
        let Some(image) = container.get("image").and_then(Value::as_str) else { continue };
        let parsed = ImageReference::parse(image);
        if is_pattern(image) || parsed.digest.is_some() || parsed.path == image {
            continue;
        }
        let pointer = format!("{pointer}/image");
        let place = reports.place(&pointer);
        let fix = Fix {
            title: "remove the tag".to_owned(),
            edits: vec![Edit::Set(place.pointer, Value::String(parsed.path.to_owned().into()))],
        };
        reports
            .add(&pointer, format!("`{image}` has a tag, so it matches no other version"))
            .help(format!("write `{}` to match every tag", parsed.path))
            .fix(fix);
    }
}
