//! `hallpass diff --workloads -o pretty`.

use hallpass_policy::Verdict;

use super::style::{BAD, EXEMPT, FAINT, GOOD, STRONG, styled, wrapped};
use super::{blank_line, ended, origin, problems, summary, whereabouts};
use crate::text::visible;
use crate::verdict_diff::{Change, Reason, VerdictDiff, Version};

pub(crate) fn render(report: &VerdictDiff, quiet: bool, width: usize) -> String {
    let mut text = String::new();
    for change in report.workloads.iter().filter(|change| change.fails || !quiet) {
        blank_line(&mut text);
        workload(change, width, &mut text);
    }
    blank_line(&mut text);
    if !quiet && report.summary.failed > 0 {
        let pointer = "`hallpass check` with the new version says how to fix each denial";
        text.push_str(&format!("{}\n\n", wrapped(pointer, width, 0)));
    }
    if !quiet {
        problems(&report.warnings, "warning", width, &mut text);
        problems(&report.notes, "note", width, &mut text);
    }
    problems(&report.errors, "error", width, &mut text);
    if !quiet && report.errors.is_empty() {
        text.push_str(&format!("{}\n", report.summary_line()));
        let summary = &report.summary;
        if let Some(list) = summary::not_evaluated(summary.workloads, &summary.not_evaluated) {
            text.push_str(&format!("{}\n", styled(FAINT, wrapped(&list, width, 0))));
        }
    }
    ended(text)
}

fn workload(change: &Change, width: usize, text: &mut String) {
    let (word, style) = match change.new.as_ref().map(|new| new.verdict) {
        None => ("removed", GOOD),
        Some(Verdict::Admitted) => ("admitted", GOOD),
        Some(Verdict::Exempted) => ("exempted", EXEMPT),
        Some(Verdict::Denied) => ("denied", BAD),
    };
    let indent = word.len() + 1;
    let whole = change.version().map(|version| place(version, change)).unwrap_or_default();
    let title = styled(STRONG, visible(change.title()));
    text.push_str(&format!("{} {title}  {}\n", styled(style, word), styled(FAINT, whole)));
    let mut below = |line: String| {
        text.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    };
    if let Some(allowlist) = change.new.as_ref().and_then(|new| new.allowlist.as_ref()) {
        below(format!("by {}", visible(allowlist)));
    }
    match (&change.old, &change.new) {
        (Some(old), Some(_)) => {
            let place = styled(FAINT, place(old, change));
            below(format!("was {}  {place}", wrapped(&visible(&old.words()), width, indent)));
        }
        (Some(old), None) => below(format!("was {}", wrapped(&visible(&old.words()), width, indent))),
        (None, _) => below("is new".to_owned()),
    }
    reasons(change, width, text);
}

/// The allowlist that does not match heads its mismatches.
fn reasons(change: &Change, width: usize, text: &mut String) {
    let column = change.reasons.iter().map(|reason| reason.rule.len()).max().unwrap_or(0);
    for group in change.reasons.chunk_by(|one, next| one.allowlist == next.allowlist) {
        let Some(first) = group.first() else { continue };
        let heading = match (&first.allowlist, change.is_relief()) {
            (Some(name), false) => format!("does not match {}:", visible(name)),
            (Some(name), true) => format!("did not match {}:", visible(name)),
            (None, false) => "violates:".to_owned(),
            (None, true) => "violated:".to_owned(),
        };
        blank_line(text);
        text.push_str(&format!("  {heading}\n"));
        group.iter().for_each(|reason| line(change, reason, column, width, text));
    }
    if change.unlisted > 0 {
        text.push_str(&format!("    further mismatches are not listed: {}\n", change.unlisted));
    }
}

fn line(change: &Change, reason: &Reason, column: usize, width: usize, text: &mut String) {
    let indent = column + 6;
    let place = styled(FAINT, whereabouts(&reason.file, reason.place.line));
    let message = wrapped(&visible(&reason.message), width, indent);
    text.push_str(&format!("    {:column$}  {message}  {place}\n", reason.rule));
    if let Some(other) = &reason.other {
        let words = wrapped(&visible(&reason.other_words(change.is_relief())), width, indent);
        let place = styled(FAINT, whereabouts(&other.file, other.line));
        text.push_str(&format!("{}{words}  {place}\n", " ".repeat(indent)));
    }
}

fn place(version: &Version, change: &Change) -> String {
    let origin = origin(version.template.as_deref(), change.variant.as_deref()).unwrap_or_default();
    whereabouts(&version.file, version.line) + &origin
}
