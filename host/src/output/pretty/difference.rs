//! `hallpass diff -o pretty`.

use super::style::{BAD, FAINT, GOOD, STRONG, styled, wrapped};
use super::{blank_line, ended, problems, whereabouts};
use crate::text::visible;
use hallpass_report::difference::{Change, Difference, DifferenceReport};

pub(crate) fn render(report: &DifferenceReport, quiet: bool, width: usize) -> String {
    let mut text = String::new();
    for difference in &report.allowlists {
        allowlist(difference, quiet, width, &mut text);
    }
    blank_line(&mut text);
    if !quiet {
        problems(&report.warnings, "warning", width, &mut text);
    }
    problems(&report.errors, "error", width, &mut text);
    if !quiet && report.errors.is_empty() {
        text.push_str(&format!("{}\n", report.summary_line()));
    }
    ended(text)
}

fn allowlist(difference: &Difference, quiet: bool, width: usize, text: &mut String) {
    let wider: Vec<&Change> = difference.wider.iter().filter(|change| !(quiet && change.allowed)).collect();
    let narrower: Vec<&Change> = difference.narrower.iter().filter(|_| !quiet).collect();
    if wider.is_empty() && narrower.is_empty() {
        return;
    }
    blank_line(text);
    text.push_str(&format!("{}\n", styled(STRONG, visible(&difference.title()))));
    changes("wider: workloads may now", '+', &wider, width, text);
    changes("narrower: workloads may no longer", '-', &narrower, width, text);
}

fn changes(heading: &str, mark: char, changes: &[&Change], width: usize, text: &mut String) {
    if changes.is_empty() {
        return;
    }
    blank_line(text);
    text.push_str(&format!("  {heading}\n"));
    let column = changes.iter().map(|change| change.class.len()).max().unwrap_or(0);
    for change in changes {
        let style = if mark == '+' && !change.allowed { BAD } else { GOOD };
        let allowed = if change.allowed { " (allowed)" } else { "" };
        let place = styled(FAINT, whereabouts(&change.file, change.place.line));
        let words = wrapped(&visible(&format!("{}{allowed}", change.words())), width, column + 6);
        let class = change.class;
        text.push_str(&format!("  {} {class:column$}  {words}  {place}\n", styled(style, mark)));
    }
}
