//! `test`: one line per test; for a failure, also the expectation and the result.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hallpass_policy::Verdict;

use super::groups::{Reasons, reasons};
use super::snippet::Annotated;
use super::style::{BAD, EXEMPT, FAINT, GOOD, STRONG, WAITING, styled, wrapped};
use super::{Cited, Detail, blank_line, ended, outcome, problems, rules, summary, whereabouts};
use crate::testing::{Failure, Status, TestReport, TestResult};
use crate::text::{counted, visible};

pub(crate) fn render(report: &TestReport<'_>, detail: Detail, width: usize) -> String {
    let mut text = String::new();
    let mut shown = Shown::default();
    for result in &report.results {
        if detail != Detail::Quiet || result.status != Status::Passed {
            test(result, detail, width, &mut shown, &mut text);
        }
    }
    if detail != Detail::Quiet {
        rules(&shown.cited, width, &mut text);
    }
    blank_line(&mut text);
    if detail != Detail::Quiet {
        problems(&report.warnings, "warning", width, &mut text);
        problems(&report.notes, "note", width, &mut text);
    }
    problems(&report.errors, "error", width, &mut text);
    // A quiet run without a failure prints nothing.
    if detail != Detail::Quiet || !text.is_empty() {
        text.push_str(&format!("{}\n", line(report)));
    }
    let list = summary::not_evaluated(report.summary.tests, &report.summary.not_evaluated);
    if let Some(list) = list.filter(|_| detail != Detail::Quiet) {
        text.push_str(&format!("{}\n", styled(FAINT, wrapped(&list, width, 0))));
    }
    ended(text)
}

/// The explanations that the tests so far have shown.
#[derive(Default)]
struct Shown<'r> {
    cited: Cited,
    /// The test that shows the reasons of a denial.
    reasons: HashMap<Reasons<'r>, String>,
}

fn test<'r>(
    result: &'r TestResult<'_>,
    detail: Detail,
    width: usize,
    shown: &mut Shown<'r>,
    text: &mut String,
) {
    let (style, word) = match result.status {
        Status::Passed => (GOOD, "ok"),
        Status::Failed => (BAD, "FAIL"),
        Status::Updated => (EXEMPT, "updated"),
        Status::NotRun => (WAITING, "not run"),
    };
    if result.status == Status::Failed {
        blank_line(text);
    }
    let place = styled(FAINT, whereabouts(result.file, result.line));
    let name = styled(STRONG, visible(&result.title()));
    text.push_str(&format!("{} {name}  {place}\n", styled(style, format!("{word:<7}"))));
    for change in &result.changes {
        let old = change.old.as_ref().map(|old| format!(", was {old}")).unwrap_or_default();
        let new = change.shown().unwrap_or_else(|| "removed".to_owned());
        let line = wrapped(&visible(&format!("{}: {new}{old}", change.field)), width, 10);
        text.push_str(&format!("{}{line}\n", " ".repeat(8)));
    }
    let failed = result.status == Status::Failed;
    if failed {
        blank_line(text);
        for failure in &result.failures {
            self::failure(result, failure, width, text);
        }
    }
    if failed || detail == Detail::Verbose {
        // An expected denial needs an explanation only if the user asks for it.
        let detail = if detail == Detail::Quiet { Detail::Normal } else { detail };
        for workload in &result.workloads {
            if workload.verdict == Verdict::Denied && detail != Detail::Verbose {
                match shown.reasons.entry(reasons(workload)) {
                    Entry::Occupied(test) => {
                        outcome::as_in_test(workload, test.get(), width, text);
                        continue;
                    }
                    Entry::Vacant(entry) => _ = entry.insert(result.title()),
                }
            }
            outcome::render(workload, &[], detail, width, &mut shown.cited, text);
        }
        blank_line(text);
    }
}

fn failure(result: &TestResult<'_>, failure: &Failure<'_>, width: usize, text: &mut String) {
    let mut diagnostic = Annotated::new("failure", None, &failure.message, width);
    diagnostic.at(result.file, &failure.place, None);
    // The verdict below shows the others.
    if let Some(cause) = failure.causes.first().filter(|_| !failure.path.ends_with("/verdict")) {
        diagnostic.next_to(cause.file, &cause.place, None);
    }
    diagnostic.help(failure.help.as_deref());
    diagnostic.render(text);
}

/// Returns the counts.
pub(crate) fn line(report: &TestReport<'_>) -> String {
    let summary = &report.summary;
    let mut parts = Vec::new();
    for (count, name, style) in [
        (summary.passed, "passed", GOOD),
        (summary.updated, "updated", EXEMPT),
        (summary.failed, "failed", BAD),
        (summary.not_run, "not run", WAITING),
    ] {
        if count > 0 {
            parts.push(styled(style, format!("{count} {name}")));
        }
    }
    let mut text = styled(STRONG, counted(summary.tests, "test"));
    if !parts.is_empty() {
        text.push_str(&format!(": {}", parts.join(", ")));
    }
    if !report.warnings.is_empty() {
        text.push_str(&format!("; {}", counted(report.warnings.len(), "warning")));
    }
    if summary.errors > 0 {
        text.push_str(&format!("; {}", styled(BAD, counted(summary.errors, "error"))));
    }
    text
}
