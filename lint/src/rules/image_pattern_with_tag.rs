//! A pattern that demands a tag.

use crate::Context;
use crate::found::Reports;
use crate::language::{Images, PATH, example};
use crate::object::{Kind, Object};
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::texts::Field;

pub(crate) static RULE: Rule = Rule {
    id: "image-pattern-with-tag",
    level: Level::Error,
    summary: "A pattern for images demands a tag or a digest",
    rationale: "GKE removes the tag from a workload's image before it compares the image with a pattern, and a pattern never \
                sees a digest. A pattern that demands either matches nothing. A pattern in which the tag is optional is fine.",
    bad: allowlist!(
        "
    image: ^registry\\.example/acme/agent:.*$
"
    ),
    good: allowlist!(
        "
    image: ^registry\\.example/acme/agent$
"
    ),
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Object(Kind::Allowlist, check),
};

fn check(object: &Object<'_>, _: &Context<'_>, reports: &mut Reports<'_>) {
    for text in object.texts() {
        let Some(pattern) = text.pattern_of(Field::Image) else { continue };
        // Most patterns contain neither character, and the comparison takes longer.
        if !pattern.contains([':', '@']) || text.images() != Images::OnlyTagged {
            continue;
        }
        let message =
            format!("`{pattern}` matches no image: it is compared with the image without tag and digest");
        let untagged = pattern.rsplit_once([':', '@']).map(|(path, _)| format!("{path}$"));
        match untagged.filter(|pattern| example(pattern, PATH).is_some()) {
            Some(untagged) => {
                let fix = reports.set(&text.pointer, "remove the tag", &untagged);
                reports.add(&text.pointer, message).help(format!("write `{untagged}`")).fix(fix);
            }
            None => {
                reports.add(&text.pointer, message).help("remove the part for the tag or the digest");
            }
        }
    }
}
