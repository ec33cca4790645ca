//! The last line, and what the run did not evaluate.

use super::super::Summary;
use super::style::{BAD, EXEMPT, GOOD, STRONG, styled};
use crate::text::{counted, visible};

/// Returns the counts.
pub(crate) fn line(summary: &Summary, warnings: usize) -> String {
    let mut parts = Vec::new();
    for (count, name, style) in [
        (summary.admitted, "admitted", GOOD),
        (summary.exempted, "exempted", EXEMPT),
        (summary.denied, "denied", BAD),
    ] {
        if count > 0 {
            parts.push(styled(style, format!("{count} {name}")));
        }
    }
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

/// Returns what was not evaluated. It does not count as passed.
pub(crate) fn not_evaluated(summary: &Summary) -> Option<String> {
    let applies = summary.workloads > 0 && !summary.not_evaluated.is_empty();
    applies.then(|| format!("not evaluated: {}", visible(&summary.not_evaluated.join(", "))))
}
