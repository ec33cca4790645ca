//! `hallpass render -o pretty`.

use hallpass_renderer::Addition;
use hallpass_renderer::tree::Action;

use super::style::{BAD, EXEMPT, FAINT, GOOD, STRONG, styled, width, wrapped};
use super::{blank_line, ended, problems};
use crate::exit::Exit;
use crate::output::write_styled;
use crate::rendered::{Change, TreeReport};
use crate::text::{counted, visible};

pub(crate) fn print_tree(report: &TreeReport, quiet: bool, exit: Exit) -> Exit {
    let text = render(report, quiet, width());
    write_styled(&text, exit)
}

pub(crate) fn render(report: &TreeReport, quiet: bool, width: usize) -> String {
    let mut text = String::new();
    if report.check {
        report.changes.iter().for_each(|change| difference(change, &mut text));
    } else if !quiet {
        report.changes.iter().for_each(|change| text.push_str(&format!("{}\n", line(change))));
    }
    blank_line(&mut text);
    if !quiet && !report.check {
        report.additions.iter().for_each(|lines| addition(lines, width, &mut text));
    }
    if !quiet {
        problems(&report.warnings, "warning", width, &mut text);
    }
    problems(&report.errors, "error", width, &mut text);
    if !quiet && report.errors.is_empty() {
        summary(report, &mut text);
    }
    ended(text)
}

/// `created clusters/prod/kustomization.yaml`
fn line(change: &Change) -> String {
    let (style, done) = match change.action {
        Action::Create => (GOOD, "created "),
        Action::Replace => (EXEMPT, "replaced"),
        Action::Remove => (BAD, "removed "),
    };
    format!("{} {}", styled(style, done), visible(&change.path))
}

/// Lines that the user adds to an object.
fn addition(addition: &Addition, width: usize, text: &mut String) {
    let clusters: Vec<String> = addition.clusters.iter().map(|name| format!("`{name}`")).collect();
    let several = if clusters.len() == 1 { "cluster" } else { "clusters" };
    let head = format!("add to {} on {several} {}:", addition.to, clusters.join(", "));
    text.push_str(&format!("{}\n\n", wrapped(&visible(&head), width, 0)));
    for line in addition.yaml.lines() {
        text.push_str(&format!("    {}\n", visible(line)));
    }
    text.push('\n');
}

fn difference(change: &Change, text: &mut String) {
    if change.line_ends_only {
        let path = styled(STRONG, visible(&change.path));
        text.push_str(&format!("{path}: {}\n", styled(FAINT, "only the line endings differ")));
    } else {
        let mut in_head = true;
        for line in change.diff.iter().flat_map(|diff| diff.split_terminator('\n')) {
            in_head &= !line.starts_with("@@");
            // Escaped, because a file may contain characters that control the terminal.
            let shown = line.split('\t').map(visible).collect::<Vec<_>>().join("\t");
            text.push_str(&match line.as_bytes().first() {
                _ if in_head => styled(STRONG, shown),
                Some(b'+') => styled(GOOD, shown),
                Some(b'-') => styled(BAD, shown),
                Some(b'@') => styled(EXEMPT, shown),
                Some(b'\\') => styled(FAINT, shown),
                _ => shown,
            });
            text.push('\n');
        }
    }
}

fn summary(report: &TreeReport, text: &mut String) {
    let out = styled(STRONG, visible(&report.out));
    let summary = &report.summary;
    let changes = [(summary.create, "created"), (summary.replace, "replaced"), (summary.remove, "removed")];
    let mut parts: Vec<_> = changes
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, done)| format!("{count}{} {done}", if report.check { " to be" } else { "" }))
        .collect();
    parts.push(format!("{} unchanged", summary.unchanged));
    let state = match (report.check, report.up_to_date) {
        (true, false) => styled(BAD, "is out of date"),
        (true, true) => styled(GOOD, "is up to date"),
        (false, _) => format!("holds {}", counted(files(report), "file")),
    };
    text.push_str(&format!("{out} {state}: {}\n", parts.join(", ")));
    if !report.check && report.interrupted {
        text.push_str("an earlier run was interrupted: this run has completed the tree\n");
    }
}

/// The number of files in the tree.
fn files(report: &TreeReport) -> usize {
    report.summary.create + report.summary.replace + report.summary.unchanged
}
