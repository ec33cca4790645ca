//! A pattern that demands a tag.

use crate::example::image;
use crate::found::Reports;
use crate::language::{Images, PATH, example, is_within};
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::syntax::has_port_alone;
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "image-pattern-with-tag",
    level: Level::Error,
    summary: "A pattern for images demands a tag or a digest",
    rationale: "GKE removes the tag from a workload's image before it compares the image with a pattern, and a pattern never \
                sees a digest. A pattern that demands either matches nothing. A pattern in which the tag is optional is fine.",
    example: image,
    bad: "^registry\\.example/acme/agent:.*$",
    good: "^registry\\.example/acme/agent$",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Pattern(Field::Image, check),
};

fn check(text: &Text<'_>, pattern: &str, reports: &mut Reports<'_>) {
    // Most patterns contain neither character, and the comparison takes longer.
    if !pattern.contains([':', '@']) || text.images() != Images::OnlyTagged {
        return;
    }
    let message =
        format!("`{pattern}` matches no image: it is compared with the image without tag and digest");
    match untagged(pattern) {
        Some(untagged) => {
            let fix = reports.set(&text.pointer, "remove the tag", &untagged);
            reports.add(&text.pointer, message).help(format!("write `{untagged}`")).fix(fix);
        }
        None => {
            reports.add(&text.pointer, message).help("remove the part for the tag or the digest");
        }
    }
}

/// Returns the pattern without the part for the tag or the digest, if every match ends with that part; `None` if alternatives
/// have their own.
fn untagged(pattern: &str) -> Option<String> {
    let ends = pattern.rmatch_indices([':', '@']).filter_map(|(at, _)| pattern.get(..at));
    ends.map(|path| format!("{path}$")).find(|untagged| {
        let inner = untagged.trim_start_matches('^').trim_end_matches('$');
        let tagged = format!("^(?:{inner})[:@](?s:.*)$");
        example(untagged, PATH).is_some_and(|image| !has_port_alone(&image))
            && is_within(untagged, PATH)
            && is_within(pattern, &tagged)
    })
}

#[cfg(test)]
mod tests {
    use super::untagged;

    #[test]
    fn only_what_every_alternative_ends_with_is_removed() {
        for (pattern, expected) in [
            (r"^r\.example/a:.*$", Some(r"^r\.example/a$")),
            (r"^r\.example:5000/(a|b)@sha256:[0-9a-f]+$", Some(r"^r\.example:5000/(a|b)$")),
            ("^(?:a|b)/c:1:2$", Some("^(?:a|b)/c$")),
            (r"^nginx:1\.2$", Some("^nginx$")),
            (r"^r\.example(:5000)?/a:[0-9]+|r\.example/b:[0-9]+$", None),
            ("^r/(a:1|b:2)$", None),
            ("^r/(a|b:1|c):2$", None),
            ("^r/a@x|b:1$", None),
            (r"^r\.example:5000$", None),
            (r"^r/a\\:1$", None),
        ] {
            assert_eq!(untagged(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
