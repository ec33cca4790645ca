//! An image with a tag.

use hallpass_workload::ImageReference;

use crate::Context;
use crate::found::Reports;
use crate::object::{Kind, Object};
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::syntax::{is_template, sign};
use crate::texts::Field;

pub(crate) static RULE: Rule = Rule {
    id: "image-with-tag",
    level: Level::Warning,
    summary: "An `image` has a tag",
    rationale: "hallpass assumes that an entry with a tag matches only an image with exactly that tag, and denies workloads with \
                another tag or with a digest. Without the tag, it matches every tag.",
    bad: allowlist!(
        "
    image: registry.example/acme/agent:1.2
"
    ),
    good: allowlist!(
        "
    image: registry.example/acme/agent
"
    ),
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Object(Kind::Allowlist, check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    for text in object.texts() {
        let Some(image) = text.literal_of(Field::Image) else { continue };
        let parsed = ImageReference::parse(image);
        let is_other = is_template(image) || sign(Field::Image, image).is_some() || image.contains("://");
        if is_other || parsed.digest.is_some() || parsed.path == image {
            continue;
        }
        let fix = reports.set(&text.pointer, "remove the tag", parsed.path);
        reports
            .add(&text.pointer, format!("`{image}` has a tag, so it matches no other version"))
            .help(format!("write `{}` to match every tag", parsed.path))
            .fix(fix);
    }
}
