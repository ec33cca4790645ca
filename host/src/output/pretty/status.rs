//! `hallpass status -o pretty`.

use hallpass_renderer::status::{Cause, State};

use super::snippet::Annotated;
use super::style::{BAD, FAINT, GOOD, STRONG, WAITING, styled, width, wrapped};
use super::{blank_line, ended, problems, whereabouts};
use crate::exit::Exit;
use crate::output::write_styled;
use crate::status::{Listed, Located, Outcome, Removed, StatusReport, Summary};
use crate::text::{counted, visible};

pub(crate) fn print_status(report: &StatusReport, quiet: bool, exit: Exit) -> Exit {
    let width = width();
    let mut text = String::new();
    for outcome in &report.synchronizers {
        if !(quiet && outcome.state == State::Ready) {
            synchronizer(outcome, quiet, width, &mut text);
        }
    }
    for removed in &report.removed {
        if !(quiet && removed.gone) {
            removal(removed, width, &mut text);
        }
    }
    blank_line(&mut text);
    for missing in &report.missing {
        problems(std::slice::from_ref(&missing.problem), "missing", width, &mut text);
    }
    blank_line(&mut text);
    problems(&report.errors, "error", width, &mut text);
    if !quiet {
        summary(&report.summary, &mut text);
    }
    write_styled(&ended(text), exit)
}

fn synchronizer(outcome: &Outcome, quiet: bool, width: usize, text: &mut String) {
    blank_line(text);
    let (style, state) = match outcome.state {
        State::Ready => (GOOD, "ready"),
        State::Waiting => (WAITING, "waiting"),
        State::Failed => (BAD, "failed"),
    };
    text.push_str(&format!(
        "{} {}  {}\n",
        styled(style, state),
        styled(STRONG, format!("AllowlistSynchronizer {}", visible(&outcome.name))),
        styled(FAINT, whereabouts(&outcome.file, outcome.line)),
    ));
    table(&outcome.files, width, text);
    let level = |finding: &Located| match finding.cause {
        Cause::Failed => "failed",
        _ => "waiting",
    };
    findings(outcome, &outcome.findings, level, width, text);
    if !quiet {
        findings(outcome, &outcome.warnings, |_| "warning", width, text);
    }
}

/// One line per file: its phase, its last sync, its path; the error is on the next line.
fn table(files: &[Listed], width: usize, text: &mut String) {
    if files.is_empty() {
        return;
    }
    let rows: Vec<[String; 3]> = files
        .iter()
        .map(|file| {
            let sync = file.last_successful_sync.as_deref().unwrap_or("-");
            let unwanted = if file.wanted { "" } else { "  (not wanted)" };
            [visible(&file.phase), visible(sync), visible(&file.file_path) + unwanted]
        })
        .collect();
    const HEAD: [&str; 2] = ["PHASE", "LAST SYNC"];
    let widest = |head: &str, column: &dyn Fn(&[String; 3]) -> usize| {
        rows.iter().map(column).max().unwrap_or_default().max(head.len())
    };
    let phase = widest(HEAD[0], &|[phase, ..]| phase.chars().count());
    let sync = widest(HEAD[1], &|[_, sync, _]| sync.chars().count());
    let head = format!("  {:phase$}  {:sync$}  FILE", HEAD[0], HEAD[1]);
    text.push_str(&format!("{}\n", styled(FAINT, head)));
    for ([phase_text, sync_text, path], file) in rows.iter().zip(files) {
        text.push_str(&format!("  {phase_text:phase$}  {sync_text:sync$}  {path}\n"));
        if let Some(error) = file.last_error.as_deref().filter(|error| !error.is_empty()) {
            let indent = phase + 4;
            text.push_str(&format!("{}{}\n", " ".repeat(indent), wrapped(&visible(error), width, indent)));
        }
    }
}

fn findings(
    outcome: &Outcome,
    findings: &[Located],
    level: fn(&Located) -> &'static str,
    width: usize,
    text: &mut String,
) {
    if !findings.is_empty() {
        blank_line(text);
    }
    for finding in findings {
        let mut diagnostic = Annotated::new(level(finding), None, &finding.message, width);
        diagnostic.at(&outcome.file, &finding.place, None);
        diagnostic.help(Some(&finding.help));
        diagnostic.render(text);
    }
}

fn removal(removed: &Removed, width: usize, text: &mut String) {
    blank_line(text);
    let path = styled(STRONG, visible(&removed.path));
    if removed.gone {
        text.push_str(&format!("{} {path}\n", styled(GOOD, "gone")));
        let message = if removed.looked_up {
            format!(
                "no spec or status lists it, and the cluster has no WorkloadAllowlist `{}`: you can now remove the \
                 workloads that it exempted from Git",
                removed.allowlist
            )
        } else {
            "no spec or status lists it, and the input contains no WorkloadAllowlist: the cluster has none only if the \
             input is the output of `kubectl get allowlistsynchronizer,workloadallowlist -o yaml`"
                .to_owned()
        };
        text.push_str(&format!("  {}\n", wrapped(&visible(&message), width, 2)));
        return;
    }
    text.push_str(&format!("{} {path}\n", styled(BAD, "remains")));
    for remainder in &removed.remains {
        text.push_str(&format!("  {}\n", wrapped(&visible(remainder), width, 2)));
    }
}

fn summary(summary: &Summary, text: &mut String) {
    let counts = [
        (summary.ready, "ready", GOOD),
        (summary.waiting, "waiting", WAITING),
        (summary.failed, "failed", BAD),
        (summary.missing, "missing", BAD),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, name, style)| styled(style, format!("{count} {name}")))
        .collect();
    text.push_str(&styled(STRONG, counted(summary.synchronizers, "synchronizer")));
    if !parts.is_empty() {
        text.push_str(&format!(": {}", parts.join(", ")));
    }
    if summary.skipped > 0 {
        text.push_str(&format!("; {} of other kinds skipped", counted(summary.skipped, "object")));
    }
    if summary.errors > 0 {
        text.push_str(&format!("; {}", styled(BAD, counted(summary.errors, "error"))));
    }
    text.push('\n');
}
