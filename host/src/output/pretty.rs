//! `-o pretty`: text for terminals.

pub(crate) mod diff;
pub(crate) mod difference;
pub(crate) mod explain;
mod groups;
pub(crate) mod lint;
mod markdown;
mod outcome;
pub(crate) mod partners;
mod prose;
pub(crate) mod render;
mod snippet;
pub(crate) mod status;
mod style;
pub(crate) mod summary;
mod table;
pub(crate) mod test;
pub(crate) mod verdict_diff;

use std::collections::BTreeSet;

use annotate_snippets::AnnotationKind;
use hallpass_policy::Rule;

use super::{Problem, Report, exceptions, write_to};
use crate::exit::Exit;
use crate::text::visible;
use snippet::Annotated;
use style::{FAINT, styled, wrapped};
pub(crate) use style::{FILE_WIDTH, width};

/// The amount of detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Denials, errors, and warnings about exceptions.
    Quiet,
    /// Every workload, and the nearest allowlist of each denial.
    Normal,
    /// Everything.
    Verbose,
}

impl Detail {
    /// Returns what the options `--quiet` and `--verbose`, which exclude each other, ask for.
    pub(crate) fn of(quiet: bool, verbose: bool) -> Self {
        match (quiet, verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Normal,
        }
    }
}

/// Returns Markdown as text without styles, for files.
pub(crate) fn markdown_text(markdown: &str) -> String {
    let mut text = String::new();
    markdown::render(markdown, FILE_WIDTH, &mut text);
    plain(&text)
}

/// Removes the styles of a text.
pub(crate) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Prints the reason why a command could not run.
pub(crate) fn print_error(problem: &Problem, exit: Exit) -> Exit {
    print_errors(std::slice::from_ref(problem), exit)
}

/// Prints notes on a run whose output is on stdout. A closed stderr changes nothing.
pub(crate) fn print_notes(notes: &[Problem]) {
    print_beside(notes, "note");
}

/// Prints warnings in the same way.
pub(crate) fn print_warnings(warnings: &[Problem]) {
    print_beside(warnings, "warning");
}

fn print_beside(found: &[Problem], level: &'static str) {
    let mut text = String::new();
    problems(found, level, width(), &mut text);
    let _ = write_to(&mut anstream::stderr().lock(), text.as_bytes());
}

/// Prints all reasons why a command could not run.
pub(crate) fn print_errors(errors: &[Problem], exit: Exit) -> Exit {
    let mut text = String::new();
    problems(errors, "error", width(), &mut text);
    print_aside(&text, exit)
}

/// Prints a text about a run to stderr.
pub(crate) fn print_aside(text: &str, exit: Exit) -> Exit {
    match write_to(&mut anstream::stderr().lock(), text.as_bytes()) {
        Ok(()) => exit,
        Err(_) => Exit::Internal,
    }
}

pub(crate) fn render(report: &Report, detail: Detail, width: usize) -> String {
    let mut text = String::new();
    let mut cited = Cited::default();
    for (outcome, others) in groups::of(&report.results, detail) {
        outcome::render(outcome, &others, detail, width, &mut cited, &mut text);
    }
    if detail != Detail::Quiet {
        rules(&cited, width, &mut text);
    }
    if detail == Detail::Verbose {
        for file in &report.skipped_files {
            text.push_str(&format!("skipped {}: it contains no Kubernetes object\n", visible(file)));
        }
    }
    blank_line(&mut text);
    if detail == Detail::Quiet {
        let about_exceptions = report.warnings.iter().filter(|warning| exceptions::is_about(report, warning));
        problems(about_exceptions, "warning", width, &mut text);
    } else {
        problems(&report.warnings, "warning", width, &mut text);
        problems(&report.notes, "note", width, &mut text);
    }
    problems(&report.errors, "error", width, &mut text);
    if detail != Detail::Quiet {
        summary::variants(&report.summary.variants, &mut text);
        text.push_str(&summary::line(&report.summary, report.warnings.len()));
        text.push('\n');
        if let Some(config) = summary::config(report) {
            text.push_str(&format!("{}\n", styled(FAINT, config)));
        }
        let summary = &report.summary;
        if let Some(list) = summary::not_evaluated(summary.workloads, &summary.not_evaluated) {
            text.push_str(&format!("{}\n", styled(FAINT, wrapped(&list, width, 0))));
        }
    }
    ended(text)
}

/// The cited rules.
type Cited = BTreeSet<Rule>;

/// Says how to print the rules.
fn rules<R: ToString>(cited: &BTreeSet<R>, width: usize, text: &mut String) {
    let ids: Vec<String> = cited.iter().map(R::to_string).collect();
    let what = match ids.as_slice() {
        [] => return,
        [_] => "the rule",
        _ => "the rules",
    };
    blank_line(text);
    let pointer = format!("`hallpass explain {}` prints {what}", ids.join(" "));
    text.push_str(&format!("{}\n", wrapped(&pointer, width, 0)));
}

fn problems<'p>(
    problems: impl IntoIterator<Item = &'p Problem>,
    level: &'static str,
    width: usize,
    text: &mut String,
) {
    for problem in problems {
        let mut diagnostic = Annotated::new(level, None, &problem.message, width);
        if !problem.file.is_empty() {
            let position = problem.line.zip(problem.column);
            let snippet = problem.snippet.as_deref();
            diagnostic.place(AnnotationKind::Primary, &problem.file, position, snippet, None);
        }
        let origin = origin(problem.template.as_deref(), problem.variant.as_deref());
        diagnostic.note(origin.map(|origin| format!("rendered{origin}")).as_deref());
        diagnostic.help(problem.help.as_deref());
        diagnostic.render(text);
    }
}

/// A location: `ds.yaml:17:13`.
fn whereabouts(file: &str, line: u32) -> String {
    format!("{}:{line}", visible(file))
}

/// Returns the origin of a document that Helm rendered: ` from agent/templates/daemonset.yaml with values/prod.yaml`.
fn origin(template: Option<&str>, variant: Option<&str>) -> Option<String> {
    let parts = [("from", template), ("with", variant)];
    let parts = parts.iter().filter_map(|(word, part)| Some(format!(" {word} {}", visible((*part)?))));
    Some(parts.collect::<String>()).filter(|origin| !origin.is_empty())
}

/// Ends a text with one line break, unless it is empty.
fn ended(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Ends a block: the next text starts after exactly one empty line.
fn blank_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
}
