//! The mismatches of allowlists with a workload.

use std::collections::BTreeSet;

use annotate_snippets::AnnotationKind;
use hallpass_policy::Rule;

use super::super::super::outcome::{compared, introduced};
use super::super::super::{Mismatch, Outcome};
use super::super::snippet::Annotated;
use super::super::style::{FAINT, STRONG, styled};
use super::super::{Cited, Detail};
use super::label;
use crate::text::visible;

/// The maximum number of mismatches per allowlist that are shown.
const SHOWN: usize = 8;

/// The maximum number of lines of a change of an allowlist that are shown.
const CHANGE: usize = 12;

/// Shows the mismatches with the nearest allowlist. Returns the names of the others, with their distance.
pub(super) fn render(
    outcome: &Outcome,
    detail: Detail,
    width: usize,
    cited: &mut Cited,
    text: &mut String,
) -> Vec<String> {
    let mut explained = false;
    let mut summarized = Vec::new();
    for group in outcome.mismatches.chunk_by(|one, next| one.allowlist == next.allowlist) {
        let Some(first) = group.first() else { continue };
        let unrelated = compared(outcome, &first.allowlist).is_some_and(|compared| !compared.related);
        if (explained || unrelated) && detail != Detail::Verbose {
            summarized.push(format!("{} ({})", visible(&first.allowlist), distance(outcome, group)));
            continue;
        }
        // An allowlist that is named by the label but not loaded has no explanation yet.
        explained |= first.allowlist_place.line.is_some();
        cited.extend(group.iter().map(|mismatch| mismatch.rule));
        allowlist(outcome, group, detail, width, text);
    }
    summarized
}

fn allowlist(outcome: &Outcome, group: &[Mismatch], detail: Detail, width: usize, text: &mut String) {
    let Some(first) = group.first() else { return };
    let count = mismatches(outcome, group);
    let aside = if first.considered { "" } else { ", not considered: the label names another allowlist" };
    super::blank_line(text);
    text.push_str(&format!(
        "  {} {}: {count}{aside}\n\n",
        styled(FAINT, "against"),
        styled(STRONG, visible(&first.allowlist))
    ));
    let shown = if detail == Detail::Verbose { group.iter().collect() } else { distinct(group) };
    let mut changes = BTreeSet::new();
    for mismatch in &shown {
        // Several mismatches of a container may have the same change.
        let change = mismatch.allowlist_change.as_ref();
        let is_new = change.is_some_and(|change| changes.insert((&change.path, &change.yaml)));
        one(outcome, mismatch, is_new, detail, width, text);
    }
    if group.len() > shown.len() {
        let more = format!("... and {} more; --verbose shows all", group.len() - shown.len());
        text.push_str(&format!("    {}\n\n", styled(FAINT, more)));
    }
}

/// Returns the first mismatches. A container that the allowlist does not have may differ from the nearest entry in many
/// fields, with the same help: one of them is enough.
fn distinct(group: &[Mismatch]) -> Vec<&Mismatch> {
    let mut helps = BTreeSet::new();
    let adds_container = |mismatch: &Mismatch| {
        let change = mismatch.allowlist_change.as_ref();
        change.is_some_and(|it| matches!(it.path.rsplit('/').next(), Some("containers" | "initContainers")))
    };
    let distinct = group.iter().filter(|mismatch| !adds_container(mismatch) || helps.insert(&mismatch.help));
    distinct.take(SHOWN).collect()
}

/// Returns how far an allowlist is from matching.
fn distance(outcome: &Outcome, group: &[Mismatch]) -> String {
    match group {
        [only] if only.rule == Rule::M2 && only.allowlist_place.line.is_none() => "not loaded".to_owned(),
        [only] if only.rule == Rule::M2 && !only.considered => "matches except for the label".to_owned(),
        _ => mismatches(outcome, group),
    }
}

/// The number of mismatches with an allowlist, including those that the report does not list.
fn mismatches(outcome: &Outcome, group: &[Mismatch]) -> String {
    let compared = group.first().and_then(|first| compared(outcome, &first.allowlist));
    match compared.map_or(group.len(), |compared| compared.mismatches) {
        1 => "1 mismatch".to_owned(),
        count => format!("{count} mismatches"),
    }
}

fn one(
    outcome: &Outcome,
    mismatch: &Mismatch,
    has_change: bool,
    detail: Detail,
    width: usize,
    text: &mut String,
) {
    let rule = mismatch.rule.to_string();
    let mut diagnostic = Annotated::new("mismatch", Some(&rule), &mismatch.message, width);
    diagnostic.at(&outcome.file, &mismatch.place, label(&mismatch.place));
    let place = &mismatch.allowlist_place;
    if let Some(file) = &mismatch.allowlist_file {
        let shown = place.snippet.as_ref().map_or("", |snippet| &snippet.text);
        // The lines that are shown contain the difference of a long value, and the title repeats it.
        let expected = mismatch.expected.as_ref().filter(|expected| !is_long(expected));
        let has = expected.map(|expected| match shown.contains(expected.as_str()) {
            true => "the allowlist has this".to_owned(),
            false => format!("the allowlist has {expected}"),
        });
        let has = has.or_else(|| place.absent.as_ref().map(|field| format!("no `{field}` in here")));
        let position = place.line.zip(place.column);
        diagnostic.place(AnnotationKind::Context, file, position, place.snippet.as_deref(), has);
    }
    diagnostic.note(mismatch.pitfall.as_deref());
    diagnostic.help(Some(&mismatch.help));
    if let Some(change) = mismatch.allowlist_change.as_ref().filter(|_| has_change) {
        let most = if detail == Detail::Verbose { usize::MAX } else { CHANGE };
        diagnostic.code(&introduced(change), &change.yaml, most);
    }
    diagnostic.render(text);
}

fn is_long(value: &str) -> bool {
    const LINE: usize = 400;
    value.contains('\n') || value.len() > LINE
}
