//! `hallpass render --diff -o pretty`.

use super::style::{BAD, EXEMPT, GOOD, STRONG, styled, width, wrapped};
use super::{blank_line, ended, problems};
use crate::diff::{DiffReport, Kind, heading, words};
use crate::exit::Exit;
use crate::output::write_styled;
use crate::text::visible;

pub(crate) fn print_diff(report: &DiffReport, quiet: bool, exit: Exit) -> Exit {
    let width = width();
    let mut text = String::new();
    for group in &report.comparison.groups {
        blank_line(&mut text);
        let names = group.clusters.iter().map(|name| visible(name)).collect::<Vec<_>>().join(", ");
        let heading = wrapped(&format!("{} {names}", heading(group)), width, 2);
        text.push_str(&format!("{}\n", styled(STRONG, heading)));
        for change in &group.changes {
            let (kind, words) = words(change, |plain| format!("`{}`", visible(plain)));
            let (style, mark) = match kind {
                Kind::Added => (GOOD, '+'),
                Kind::Removed => (BAD, '-'),
                Kind::Changed => (EXEMPT, '~'),
            };
            text.push_str(&format!("  {} {}\n", styled(style, mark), wrapped(&words, width, 4)));
        }
    }
    blank_line(&mut text);
    if !quiet {
        problems(&report.warnings, "warning", width, &mut text);
    }
    problems(&report.errors, "error", width, &mut text);
    if !quiet && report.errors.is_empty() {
        text.push_str(&format!("{}\n", report.summary()));
    }
    write_styled(&ended(text), exit)
}
