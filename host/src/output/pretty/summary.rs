//! The last line, and what the run did not evaluate.

use super::super::Summary;
use super::style::{BAD, EXEMPT, FAINT, GOOD, STRONG, styled, wrapped};
use crate::text::{counted, visible};

pub(super) fn render(summary: &Summary, warnings: usize, width: usize, text: &mut String) {
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
    text.push_str(&styled(STRONG, counted(summary.workloads, "workload")));
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
    text.push('\n');
    if summary.workloads > 0 && !summary.not_evaluated.is_empty() {
        let list = format!("not evaluated: {}", visible(&summary.not_evaluated.join(", ")));
        text.push_str(&format!("{}\n", styled(FAINT, wrapped(&list, width, 0))));
    }
}
