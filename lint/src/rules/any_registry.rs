//! A pattern that accepts any registry.

use crate::example::image;
use crate::found::Reports;
use crate::openness::Openness;
use crate::rule::{FoundBy, Level, Rule};
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "any-registry",
    level: Level::Warning,
    summary: "A pattern accepts images of any registry",
    rationale: "Anyone can run a registry, with a repository of any name. A user who can create a workload can then run any image \
                with the exemptions of this allowlist. For images that customers mirror, list their digests under \
                `containerImageDigests`: a digest matches in every registry.",
    example: image,
    bad: "^(.*/)?acme/agent$",
    good: "^(registry|mirror)\\.example/acme/agent$",
    fix: None,
    found_by: FoundBy::Pattern(Field::Image, check),
};

fn check(text: &Text<'_>, pattern: &str, reports: &mut Reports<'_>) {
    if let Openness::AnyRegistry(image) = text.openness() {
        let message = format!("`{pattern}` accepts images of other registries, such as `{image}`");
        reports
            .add(&text.pointer, message)
            .help("write the registry's whole host, and list the digests of the image for mirrors of it");
    }
}
