//! A pattern without one of its anchors.

use hallpass_policy::pattern::matcher;

use crate::example::variable;
use crate::found::Reports;
use crate::object::Object;
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::syntax::{Missing, is_template, missing_anchor};
use crate::texts::Field;

pub(crate) static RULE: Rule = Rule {
    id: "half-anchored-pattern",
    level: Level::Error,
    summary: "A pattern lacks one of its anchors",
    rationale: "A text is a pattern only if it starts with `^` and also ends with `$`. With one of them, it is compared as \
                text, and no image and no variable contains exactly that text. An argument may: for it, the finding is a \
                warning without a fix. If an argument of the workload is exactly this text, suppress the finding.",
    example: variable,
    bad: "^ACME_[A-Z]+",
    good: "^ACME_[A-Z]+$",
    fix: Some(Effect::MayPermitMore),
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    for text in object.texts().iter().filter(|text| !is_template(text.text)) {
        let written = text.text;
        let (lacks, meant) = match missing_anchor(text.field, written) {
            Some(Missing::Start) => ("`^` at its start", format!("^{written}")),
            Some(Missing::End) => ("`$` at its end", format!("{written}$")),
            None => continue,
        };
        let fix = reports.set(&text.pointer, "add the anchor", &meant);
        let message = format!("`{written}` has no {lacks}, so it is compared as text");
        let finding = reports.add(&text.pointer, message).help(format!("write `{meant}` for a pattern"));
        if text.field == Field::Args {
            finding.level(Level::Warning);
        } else if matcher([meant.as_str()]).is_ok() {
            finding.fix(fix);
        }
    }
}
