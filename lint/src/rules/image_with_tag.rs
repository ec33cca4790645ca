//! An image with a tag.

use hallpass_workload::ImageReference;

use crate::example::image;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::syntax::{has_port_alone, is_template, sign};
use crate::texts::Field;

pub(crate) static RULE: Rule = Rule {
    id: "image-with-tag",
    level: Level::Warning,
    summary: "An `image` has a tag",
    rationale: "hallpass assumes that an entry with a tag matches only an image with exactly that tag, and denies workloads with \
                another tag or with a digest. Without the tag, it matches every tag.",
    example: image,
    bad: "registry.example/acme/agent:1.2",
    good: "registry.example/acme/agent",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    for text in object.texts() {
        let Some(image) = text.literal_of(Field::Image) else { continue };
        let parsed = ImageReference::parse(image);
        let is_other = is_template(image) || sign(Field::Image, image).is_some() || image.contains("://");
        if is_other || parsed.digest.is_some() || parsed.path == image {
            continue;
        }
        let name = parsed.path.rfind('/').map_or(0, |slash| slash + 1);
        // An image with two tags is a mistake, and neither belongs to the path.
        let colon = parsed.path.get(name..).and_then(|rest| rest.find(':')).map(|at| name + at);
        let path = colon.and_then(|colon| parsed.path.get(..colon)).unwrap_or(parsed.path);
        if has_port_alone(path) {
            let message = format!("`{image}` is an image with a tag, or a registry without an image");
            let help =
                format!("write the image after the port: `{image}/NAME`; if it is a tag, write `{path}`");
            reports.add(&text.pointer, message).help(help);
            continue;
        }
        let fix = reports.set(&text.pointer, "remove the tag", path);
        reports
            .add(&text.pointer, format!("`{image}` has a tag, so it matches no other version"))
            .help(format!("write `{path}` to match every tag"))
            .fix(fix);
    }
}
