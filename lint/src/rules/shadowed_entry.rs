//! A text that a pattern of the same list accepts.

use std::cell::LazyCell;
use std::collections::HashSet;

use hallpass_policy::pattern::{is_pattern, matcher};

use crate::example::variable;
use crate::found::Reports;
use crate::object::Object;
use crate::prefix::prefix;
use crate::rule::{Effect, FoundBy, Level, Rule};
use crate::syntax::{missing_anchor, sign};
use crate::texts::{Field, Text};

pub(crate) static RULE: Rule = Rule {
    id: "shadowed-entry",
    level: Level::Note,
    summary: "A pattern of the same list accepts the entry",
    rationale: "The entry has no effect: without it, the allowlist matches the same workloads, and `--fix` changes no verdict. If \
                the pattern is wider than intended, make it narrower instead.",
    example: variable,
    bad: "^ACME_[A-Z_]+$
    - name: ACME_LEVEL",
    good: "^ACME_[A-Z_]+$",
    fix: Some(Effect::PermitsNoMore),
    found_by: FoundBy::Allowlist(check),
};

fn check(object: &Object<'_>, reports: &mut Reports<'_>) {
    let lists = object.texts().chunk_by(|one, other| one.field == other.field && list(one) == list(other));
    for texts in lists.filter(|texts| texts.iter().any(|text| is_pattern(text.text))) {
        check_list(texts, reports);
    }
}

fn check_list(texts: &[Text<'_>], reports: &mut Reports<'_>) {
    let patterns = texts.iter().filter(|text| is_pattern(text.text));
    let patterns: Vec<_> = patterns
        .map(|text| (text, prefix(text.text), LazyCell::new(|| matcher([text.text]).unwrap_or_default())))
        .collect();
    let mut seen = HashSet::new();
    // Another rule reports duplicates.
    for text in texts.iter().filter(|text| seen.insert(text.text) && is_literal(text)) {
        let mut accepting = patterns
            .iter()
            .filter(|(_, prefix, matcher)| text.text.starts_with(prefix) && matcher.matches(text.text));
        let Some((pattern, ..)) = accepting.next() else { continue };
        let related = reports.place(&pattern.pointer);
        let item = text.pointer.strip_suffix("/name").unwrap_or(&text.pointer);
        let fix = reports.remove(item, "remove the entry");
        reports
            .add(&text.pointer, format!("`{}` already accepts `{}`", pattern.text, text.text))
            .help("remove the entry, or make the pattern narrower")
            .related(related, "the pattern")
            .fix(fix);
    }
}

/// Whether a text is intended literally.
fn is_literal(text: &Text<'_>) -> bool {
    let (field, written) = (text.field, text.text);
    !is_pattern(written) && missing_anchor(field, written).is_none() && sign(field, written).is_none()
}

/// Returns the pointer to the list of a text.
fn list<'t>(text: &'t Text<'_>) -> &'t str {
    let item = match text.field {
        Field::Env => text.pointer.strip_suffix("/name").unwrap_or(&text.pointer),
        Field::Args => &text.pointer,
        Field::Image => return &text.pointer,
    };
    item.rsplit_once('/').map_or(item, |(list, _)| list)
}
