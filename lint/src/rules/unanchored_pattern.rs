//! A text that looks like a pattern, but is compared as text.

use hallpass_policy::pattern::is_pattern;

use crate::example::argument;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{FoundBy, Level, Rule};
use crate::syntax::{is_template, missing_anchor, sign};
use crate::texts::Field;

pub(crate) static RULE: Rule = Rule {
    id: "unanchored-pattern",
    level: Level::Warning,
    summary: "A text looks like a pattern, but has no anchors",
    rationale: "A text is a pattern only if it starts with `^` and ends with `$`. Without anchors, `.*` means only these two \
                characters, and no image and no variable contains them. If an argument of the workload is exactly this text, \
                suppress the finding.",
    example: argument,
    bad: "--level=(info|debug)",
    good: "^--level=(info|debug)$",
    fix: None,
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    for text in object.texts() {
        let written = text.text;
        if is_pattern(written) || is_template(written) || missing_anchor(text.field, written).is_some() {
            continue;
        }
        let Some(sign) = sign(text.field, written) else { continue };
        let message = format!("`{written}` contains `{sign}`, but is compared as text: it has no anchors");
        let help = match text.field {
            Field::Image => {
                "for a pattern, put it between `^` and `$`, with `\\.` for each dot, and without a tag"
            }
            Field::Args | Field::Env => "for a pattern, put it between `^` and `$`, with `\\.` for each dot",
        };
        reports.add(&text.pointer, message).help(help);
    }
}
