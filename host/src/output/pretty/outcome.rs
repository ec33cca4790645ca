//! One workload's verdict.

use hallpass_policy::{Rule, Verdict};

use super::super::{Mismatch, Outcome, Place, Violation};
use super::snippet::Annotated;
use super::style::{BAD, EXEMPT, FAINT, GOOD, STRONG, styled, wrapped};
use super::{Cited, Detail, blank_line, whereabouts};
use crate::text::visible;

/// The maximum number of violations per constraint, and of mismatches per allowlist, that are shown.
const SHOWN_VIOLATIONS: usize = 4;
const SHOWN_MISMATCHES: usize = 8;

/// Columns for line numbers and rules to the left of a source line, with some to spare.
const MARGIN: usize = 10;

pub(super) fn render(outcome: &Outcome, detail: Detail, width: usize, cited: &mut Cited, text: &mut String) {
    let denied = outcome.verdict == Verdict::Denied;
    if detail == Detail::Quiet && !denied {
        return;
    }
    if denied {
        blank_line(text);
    }
    title(outcome, text);
    if denied {
        violations(outcome, detail, width, text);
        mismatches(outcome, detail, width, cited, text);
    } else if detail == Detail::Verbose {
        violations(outcome, detail, width, text);
    }
    for assumption in &outcome.assumptions {
        remark("assumes", &format!("{} [{}]", assumption.message, assumption.rule), width, text);
    }
    for note in &outcome.notes {
        remark("note", note, width, text);
    }
    if denied {
        blank_line(text);
    }
}

fn title(outcome: &Outcome, text: &mut String) {
    let style = match outcome.verdict {
        Verdict::Admitted => GOOD,
        Verdict::Exempted => EXEMPT,
        Verdict::Denied => BAD,
    };
    let namespace = outcome.namespace.as_ref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
    let name = outcome.name.as_deref().unwrap_or("(no name)");
    let subject = visible(&format!("{} {namespace}{name}", outcome.kind));
    text.push_str(&format!(
        "{} {}  {}\n",
        styled(style, outcome.verdict.name()),
        styled(STRONG, subject),
        styled(FAINT, whereabouts(&outcome.file, outcome.line)),
    ));
    if let Some(allowlist) = &outcome.allowlist {
        text.push_str(&format!("         by {}", visible(allowlist)));
        if outcome.no_connect == Some(true) {
            text.push_str("; exec, attach and port-forward will be blocked");
        }
        text.push('\n');
    }
}

/// If mismatches follow, violations are a list of facts. Otherwise, they are what the user must fix.
fn violations(outcome: &Outcome, detail: Detail, width: usize, text: &mut String) {
    // A note without mismatches is about `--strict`: then the violations are not the reason.
    let alone = outcome.mismatches.is_empty() && outcome.notes.is_empty();
    let sources = detail == Detail::Verbose || alone;
    let mut rest = outcome.violations.as_slice();
    if sources {
        text.push('\n');
    }
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|violation| violation.constraint == first.constraint).count();
        let (group, others) = rest.split_at(same);
        rest = others;
        let shown = if detail == Detail::Verbose { same } else { same.min(SHOWN_VIOLATIONS) };
        if !sources {
            let exemptible = if first.exemptible { "" } else { " (no allowlist can exempt from it)" };
            text.push_str(&format!("  {}{exemptible}\n", styled(STRONG, first.constraint)));
        }
        for violation in group.iter().take(shown) {
            if sources {
                with_source(outcome, violation, width, text)
            } else {
                in_a_line(violation, width, text)
            }
        }
        if same > shown {
            let more = format!("... and {} more; --verbose shows all", same - shown);
            text.push_str(&format!("    {}\n", styled(FAINT, more)));
            if sources {
                text.push('\n');
            }
        }
    }
    if !sources {
        text.push('\n');
    }
}

fn with_source(outcome: &Outcome, violation: &Violation, width: usize, text: &mut String) {
    let mut diagnostic = Annotated::new("violation", Some(violation.constraint), &violation.message, width);
    let place = &violation.place;
    diagnostic.at(&outcome.file, Some((place.line, place.column)), place.snippet.as_deref(), label(place));
    if !violation.exemptible {
        diagnostic.help(Some("no allowlist can exempt from this: change the workload"));
    }
    diagnostic.render(text);
}

/// Returns why the text at a location is not the value itself.
fn label(place: &Place) -> Option<String> {
    let absent = place.absent.as_ref().map(|field| format!("no `{field}` in here"));
    absent.or_else(|| place.anchor.as_ref().map(|anchor| format!("through the anchor `{anchor}`")))
}

fn in_a_line(violation: &Violation, width: usize, text: &mut String) {
    let place = format!("{}:{}", violation.place.line, violation.place.column);
    let indent = 4 + place.len().max(7) + 2;
    text.push_str(&format!(
        "    {}  {}\n",
        styled(FAINT, format!("{place:>7}")),
        wrapped(&visible(&violation.message), width, indent)
    ));
}

fn mismatches(outcome: &Outcome, detail: Detail, width: usize, cited: &mut Cited, text: &mut String) {
    let mut rest = outcome.mismatches.as_slice();
    let mut explained = false;
    let mut summarized = Vec::new();
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|mismatch| mismatch.allowlist == first.allowlist).count();
        let (group, others) = rest.split_at(same);
        rest = others;
        if explained && detail != Detail::Verbose {
            summarized.push(format!("{} ({})", visible(&first.allowlist), distance(group)));
            continue;
        }
        // An allowlist that is named by the label but not loaded has no explanation yet.
        explained |= first.allowlist_place.line.is_some();
        cited.extend(group.iter().map(|mismatch| mismatch.rule));
        allowlist(outcome, group, detail, width, text);
    }
    if !summarized.is_empty() {
        let list = format!("{}; --verbose shows why not", summarized.join(", "));
        remark("also compared", &list, width, text);
    }
}

fn allowlist(outcome: &Outcome, group: &[Mismatch], detail: Detail, width: usize, text: &mut String) {
    let Some(first) = group.first() else { return };
    let count =
        if group.len() == 1 { "1 mismatch".to_owned() } else { format!("{} mismatches", group.len()) };
    let aside = if first.considered { "" } else { ", not considered: the label names another allowlist" };
    text.push_str(&format!(
        "  {} {}: {count}{aside}\n\n",
        styled(FAINT, "against"),
        styled(STRONG, visible(&first.allowlist))
    ));
    let shown = if detail == Detail::Verbose { group.len() } else { SHOWN_MISMATCHES };
    for mismatch in group.iter().take(shown) {
        one(outcome, mismatch, width, text);
    }
    if group.len() > shown {
        let more = format!("... and {} more; --verbose shows all", group.len() - shown);
        text.push_str(&format!("    {}\n\n", styled(FAINT, more)));
    }
}

/// How far an allowlist is from matching.
fn distance(group: &[Mismatch]) -> String {
    match group {
        [only] if only.rule == Rule::M2 && only.allowlist_place.line.is_none() => "not loaded".to_owned(),
        [only] if only.rule == Rule::M2 && !only.considered => "matches except for the label".to_owned(),
        [_] => "1 mismatch".to_owned(),
        _ => format!("{} mismatches", group.len()),
    }
}

fn one(outcome: &Outcome, mismatch: &Mismatch, width: usize, text: &mut String) {
    let rule = mismatch.rule.to_string();
    let mut diagnostic = Annotated::new("mismatch", Some(&rule), &mismatch.message, width);
    let place = &mismatch.place;
    diagnostic.at(&outcome.file, Some((place.line, place.column)), place.snippet.as_deref(), label(place));
    let mut aside = None;
    let place = &mismatch.allowlist_place;
    if let Some(file) = &mismatch.allowlist_file {
        let shown = place.snippet.as_ref().map_or("", |snippet| &snippet.text);
        // The lines that are shown contain the difference of a long value, and the title repeats it.
        let expected = mismatch.expected.as_ref().filter(|expected| !is_long(expected));
        let has = expected.map(|expected| match shown.contains(expected.as_str()) {
            true => "the allowlist has this".to_owned(),
            false => format!("the allowlist has {expected}"),
        });
        // Next to the underlined text if there is space, or on separate lines.
        let end = place.snippet.as_ref().map_or(0, |snippet| snippet.value.end);
        let (label, rest) = has.into_iter().partition::<Vec<_>, _>(|has| end + has.len() + MARGIN <= width);
        diagnostic.beside(
            file,
            place.line.zip(place.column),
            place.snippet.as_deref(),
            label.into_iter().next(),
        );
        aside = rest.into_iter().next();
    }
    diagnostic.note(aside.as_deref());
    diagnostic.help(Some(&mismatch.help));
    diagnostic.render(text);
}

fn is_long(value: &str) -> bool {
    const LINE: usize = 400;
    value.contains('\n') || value.len() > LINE
}

fn remark(name: &str, message: &str, width: usize, text: &mut String) {
    let indent = 2 + name.len() + 2;
    let message = wrapped(&visible(message), width, indent);
    text.push_str(&format!("  {}: {message}\n", styled(STRONG, name)));
}
