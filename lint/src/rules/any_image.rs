//! A pattern that accepts any image, or any repository of a public registry.

use crate::example::image;
use crate::found::Reports;
use crate::openness::Openness;
use crate::rule::{FoundBy, Level, Rule};
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "any-image",
    level: Level::Warning,
    summary: "A pattern accepts images of anyone",
    rationale: "A user who can create a workload can run any image with the exemptions of this allowlist, because the pattern \
                accepts every image, or images of every owner on a registry where anyone can have a repository.",
    example: image,
    bad: "^ghcr\\.io/[a-z-]+/agent$",
    good: "^ghcr\\.io/acme/[a-z-]+$",
    fix: None,
    found_by: FoundBy::Pattern(Field::Image, check),
};

fn check(text: &Text<'_>, pattern: &str, reports: &mut Reports<'_>) {
    let message = match text.openness() {
        Openness::AnyImage => format!("`{pattern}` accepts every image"),
        Openness::AnyOwner(image) => {
            format!("`{pattern}` accepts images of other owners on a public registry, such as `{image}`")
        }
        Openness::AnyRegistry(_) | Openness::Closed => return,
    };
    reports.add(&text.pointer, message).help("write the host and the owner of the image");
}
