//! An image with a digest.

use hallpass_workload::ImageReference;

use crate::example::image;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};
use crate::syntax::is_template;
use crate::texts::Field;

pub(crate) static RULE: Rule = Rule {
    id: "image-with-digest",
    level: Level::Warning,
    summary: "An `image` has a digest",
    rationale: "GKE compares the digest of a workload's image with `containerImageDigests`, and only there. That an `image` with \
                a digest matches the same reference is not documented.",
    example: image,
    bad: "registry.example/acme/agent@sha256:92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d",
    good: "registry.example/acme/agent
containerImageDigests:
- containerName: agent
  imageDigests:
  - 92068f05ef629d16fb52e4f5c6cbb29c9056917ba5dc0347b9534dc54d1eb80d",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    for text in object.texts() {
        let Some(image) = text.literal_of(Field::Image).filter(|image| !is_template(image)) else { continue };
        let parsed = ImageReference::parse(image);
        if parsed.digest.is_some() {
            let help = format!(
                "write `{}`, and list the digest under `containerImageDigests`; the entry then also accepts every tag",
                parsed.path
            );
            reports.add(&text.pointer, format!("`{image}` has a digest")).help(help);
        }
    }
}
