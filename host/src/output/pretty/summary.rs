//! The counts, the config, and what the run did not evaluate.

use textwrap::core::display_width;

use super::super::{Report, Summary, Variant};
use super::blank_line;
use super::style::{BAD, EXEMPT, GOOD, STRONG, WAITING, styled};
use crate::text::{counted, visible};

/// Returns the counts.
pub(crate) fn line(summary: &Summary, warnings: usize) -> String {
    let parts = verdicts(summary.admitted, summary.exempted, summary.denied, summary.excepted);
    let mut text = styled(STRONG, counted(summary.workloads, "workload"));
    if !parts.is_empty() {
        text.push_str(&format!(": {}", parts.join(", ")));
    }
    if summary.skipped > 0 {
        text.push_str(&format!("; {} of other kinds skipped", counted(summary.skipped, "object")));
    }
    if summary.skipped_files > 0 {
        let files = counted(summary.skipped_files, "file");
        text.push_str(&format!("; {files} without Kubernetes objects skipped"));
    }
    if warnings > 0 {
        text.push_str(&format!("; {}", counted(warnings, "warning")));
    }
    if summary.errors > 0 {
        text.push_str(&format!("; {}", styled(BAD, counted(summary.errors, "error"))));
    }
    text
}

/// Returns the config that the run has used.
pub(crate) fn config(report: &Report) -> Option<String> {
    report.config.as_ref().map(|config| format!("config: {}", visible(config)))
}

/// Returns what was not evaluated of so many workloads or tests. It does not count as passed.
pub(crate) fn not_evaluated(subjects: usize, constraints: &[String]) -> Option<String> {
    let applies = subjects > 0 && !constraints.is_empty();
    applies.then(|| format!("not evaluated: {}", visible(&constraints.join(", "))))
}

/// Writes one line per file of `--matrix`.
pub(super) fn variants(variants: &[Variant], text: &mut String) {
    let names: Vec<_> = variants.iter().map(|variant| visible(&variant.variant)).collect();
    let width = names.iter().map(|name| display_width(name)).max().unwrap_or_default();
    for (variant, name) in variants.iter().zip(names) {
        let mut parts = verdicts(variant.admitted, variant.exempted, variant.denied, variant.excepted);
        if variant.errors > 0 {
            parts.push(styled(BAD, counted(variant.errors, "error")));
        }
        if parts.is_empty() {
            parts.push("no workloads".to_owned());
        }
        let blanks = " ".repeat(width - display_width(&name));
        text.push_str(&format!("with {name}{blanks}  {}\n", parts.join(", ")));
    }
    blank_line(text);
}

/// The counts of verdicts, without zeros.
fn verdicts(admitted: usize, exempted: usize, denied: usize, excepted: usize) -> Vec<String> {
    let all = [
        (admitted, "admitted", GOOD),
        (exempted, "exempted", EXEMPT),
        (denied.saturating_sub(excepted), "denied", BAD),
        (excepted, "excepted", WAITING),
    ];
    let counts = all.into_iter().filter(|(count, ..)| *count > 0);
    counts.map(|(count, name, style)| styled(style, format!("{count} {name}"))).collect()
}
