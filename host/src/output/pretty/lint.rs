//! `hallpass lint -o pretty`.

use std::collections::BTreeSet;

use hallpass_lint::{LintFinding, LintReport};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::outcome::label;
use super::snippet::Annotated;
use super::style::{BAD, FAINT, GOOD, STRONG, WAITING, styled, wrapped};
use super::{blank_line, ended, problems, rules, whereabouts};
use crate::text::{counted, visible};

pub(crate) fn render(report: &LintReport, quiet: bool, width: usize) -> String {
    let mut text = String::new();
    for fixed in report.fixed.iter().filter(|_| !quiet) {
        let place = whereabouts(&fixed.file, fixed.line);
        let more = if fixed.may_permit_more { " (may permit more)" } else { "" };
        let words = wrapped(&format!("{place}: {}{more}", visible(&fixed.fix)), width, 2);
        text.push_str(&format!("{} {words}\n", styled(GOOD, "fixed:")));
    }
    blank_line(&mut text);
    let needs_action = |finding: &&LintFinding| !quiet || finding.level != hallpass_lint::Level::Note;
    let (suppressed, found): (Vec<_>, Vec<_>) =
        report.findings.iter().partition(|finding| finding.suppressed.is_some());
    let found: Vec<&LintFinding> = found.into_iter().filter(needs_action).collect();
    let shown: Vec<String> = found.par_iter().map(|it| finding(it, width)).collect();
    text.extend(shown);
    let cited: BTreeSet<&str> = found.iter().map(|it| it.rule).collect();
    if !quiet {
        rules(&cited, width, &mut text);
        blank_line(&mut text);
        suppressed.iter().for_each(|it| covered(it, width, &mut text));
        blank_line(&mut text);
    }
    problems(&report.errors, "error", width, &mut text);
    if !quiet {
        text.push_str(&format!("{}\n", line(report)));
    }
    ended(text)
}

fn finding(finding: &LintFinding, width: usize) -> String {
    let mut text = String::new();
    let mut diagnostic = Annotated::new(finding.level.name(), Some(finding.rule), &finding.message, width);
    diagnostic.at(&finding.file, &finding.place, label(&finding.place));
    if let Some(related) = &finding.related {
        diagnostic.next_to(&related.file, &related.place, Some(related.message.clone()));
    }
    diagnostic.note(finding.template.as_ref().map(|template| format!("rendered from {template}")).as_deref());
    diagnostic.help(finding.help.as_deref());
    diagnostic.help(fixable(finding).as_deref());
    diagnostic.render(&mut text);
    text
}

/// Says how to apply a fix, or why that is not possible.
pub(crate) fn fixable(finding: &LintFinding) -> Option<String> {
    let title = finding.fix.as_deref()?;
    Some(match (&finding.not_fixed, finding.may_permit_more) {
        (Some(reason), _) => format!("cannot {title}: {reason}"),
        (None, Some(true)) => format!("`--fix-all` can {title}, which may permit more"),
        (None, _) => format!("`--fix` can {title}"),
    })
}

/// A finding that a comment suppresses.
fn covered(finding: &LintFinding, width: usize, text: &mut String) {
    let reason = finding.suppressed.as_deref().unwrap_or_default();
    let place = whereabouts(&finding.file, finding.place.line);
    let indent = "suppressed ".len();
    let words = wrapped(&visible(&format!("{} at {place}: {reason}", finding.rule)), width, indent);
    text.push_str(&format!("{} {words}\n", styled(WAITING, "suppressed")));
}

/// Returns the counts.
pub(crate) fn line(report: &LintReport) -> String {
    let summary = &report.summary;
    let counts = [
        (summary.errors, "error", BAD),
        (summary.warnings, "warning", WAITING),
        (summary.notes, "note", FAINT),
    ];
    let found = counts.into_iter().filter(|(count, ..)| *count > 0);
    let mut parts: Vec<String> =
        found.map(|(count, name, style)| styled(style, counted(count, name))).collect();
    if summary.suppressed > 0 {
        parts.push(format!("{} suppressed", summary.suppressed));
    }
    let objects = styled(STRONG, counted(summary.objects, "object"));
    let mut text = format!("{objects} in {}", counted(summary.files, "file"));
    if parts.is_empty() && report.errors.is_empty() {
        parts.push(styled(GOOD, "no findings"));
    }
    if !parts.is_empty() {
        text.push_str(&format!(": {}", parts.join(", ")));
    }
    let fixable = |may_permit_more: bool| {
        let found = report.findings.iter().filter(|it| it.suppressed.is_none() && it.not_fixed.is_none());
        found.filter(|it| it.may_permit_more == Some(may_permit_more)).count()
    };
    let counts = [
        (summary.fixed, "fixed"),
        (fixable(false), "fixable with `--fix`"),
        (fixable(true), "fixable with `--fix-all`"),
    ];
    for (count, words) in counts {
        if count > 0 {
            text.push_str(&format!("; {count} {words}"));
        }
    }
    if summary.skipped > 0 {
        text.push_str(&format!("; {} of other kinds skipped", counted(summary.skipped, "file")));
    }
    if !report.errors.is_empty() {
        let count = counted(report.errors.len(), "error");
        text.push_str(&format!("; {} in the input", styled(BAD, count)));
    }
    text
}
