//! The violations of a workload.

use super::super::super::exceptions;
use super::super::super::outcome::{NOT_EXEMPTIBLE, compared};
use super::super::super::{Outcome, Violation};
use super::super::Detail;
use super::super::snippet::Annotated;
use super::super::style::{FAINT, STRONG, styled, wrapped};
use super::label;
use crate::text::{counted, visible};

/// The maximum number of violations per constraint that are shown.
const SHOWN: usize = 4;

/// Lists violations below the mismatches with an allowlist. Those that it lifts are consequences of the mismatches.
pub(super) fn after(outcome: &Outcome, allowlist: &str, detail: Detail, width: usize, text: &mut String) {
    let compared = compared(outcome, allowlist);
    let exempts = compared.map(|compared| compared.exempts.as_slice()).unwrap_or_default();
    let (lifted, others): (Vec<_>, Vec<_>) =
        outcome.violations.iter().partition(|violation| exempts.contains(&violation.constraint));
    let all = counted(outcome.violations.len(), "violation");
    let these = if compared.is_some_and(|compared| compared.mismatches == 1) {
        "this matches"
    } else {
        "these match"
    };
    // GKE considers only the allowlist that the label names.
    let these = match compared.is_some_and(|compared| !compared.considered) {
        true => format!("{these} and the label names it"),
        false => these.to_owned(),
    };
    let name = visible(allowlist);
    let summary = match (lifted.len(), others.len()) {
        (0, _) => None,
        (1, 0) => Some(format!("{all}, lifted by {name} once {these}")),
        (_, 0) => Some(format!("{all}, all lifted by {name} once {these}")),
        (some, _) => Some(format!("{all}, {some} of them lifted by {name} once {these}")),
    };
    if let Some(summary) = summary {
        let hint = if detail == Detail::Verbose { "" } else { "; --verbose shows them" };
        text.push_str(&format!("  {}\n\n", wrapped(&format!("{summary}{hint}"), width, 2)));
    }
    if detail == Detail::Verbose {
        with_sources(outcome, &outcome.violations, detail, width, text);
    } else if !others.is_empty() {
        by_constraint(outcome, others, detail, width, text);
    }
}

/// Lists violations as facts: one line each.
pub(super) fn by_constraint<'o>(
    outcome: &Outcome,
    violations: impl IntoIterator<Item = &'o Violation>,
    detail: Detail,
    width: usize,
    text: &mut String,
) {
    if detail == Detail::Verbose {
        return with_sources(outcome, violations, detail, width, text);
    }
    for (group, hidden) in groups(violations, detail) {
        if let Some(first) = group.first() {
            let exemptible = if first.exemptible { "" } else { " (no allowlist can exempt from it)" };
            text.push_str(&format!("  {}{exemptible}\n", styled(STRONG, first.constraint)));
        }
        for violation in group {
            in_a_line(violation, width, text);
        }
        text.push_str(&more(hidden));
    }
    text.push('\n');
}

/// Shows violations as what the user must fix.
pub(super) fn with_sources<'o>(
    outcome: &Outcome,
    violations: impl IntoIterator<Item = &'o Violation>,
    detail: Detail,
    width: usize,
    text: &mut String,
) {
    super::blank_line(text);
    for (group, hidden) in groups(violations, detail) {
        for violation in group {
            with_source(outcome, violation, width, text);
        }
        if hidden > 0 {
            text.push_str(&format!("{}\n", more(hidden)));
        }
    }
}

/// Returns the violations of each constraint that are shown, and the number of the others.
fn groups<'o>(
    violations: impl IntoIterator<Item = &'o Violation>,
    detail: Detail,
) -> Vec<(Vec<&'o Violation>, usize)> {
    let all: Vec<&Violation> = violations.into_iter().collect();
    let groups = all.chunk_by(|one, next| one.constraint == next.constraint);
    let shown = |group: &[_]| if detail == Detail::Verbose { group.len() } else { group.len().min(SHOWN) };
    let split = |group: &[&'o Violation]| {
        (group.iter().take(shown(group)).copied().collect(), group.len() - shown(group))
    };
    groups.map(split).collect()
}

fn more(hidden: usize) -> String {
    match hidden {
        0 => String::new(),
        _ => format!("    {}\n", styled(FAINT, format!("... and {hidden} more; --verbose shows all"))),
    }
}

fn with_source(outcome: &Outcome, violation: &Violation, width: usize, text: &mut String) {
    let mut diagnostic = Annotated::new("violation", Some(violation.constraint), &violation.message, width);
    diagnostic.at(&outcome.file, &violation.place, label(&violation.place));
    diagnostic
        .note(violation.exception.as_ref().map(|it| format!("excepted {}", exceptions::by(it))).as_deref());
    if !violation.exemptible {
        diagnostic.help(Some(NOT_EXEMPTIBLE));
    }
    diagnostic.render(text);
}

fn in_a_line(violation: &Violation, width: usize, text: &mut String) {
    let place = format!("{}:{}", violation.place.line, violation.place.column);
    let indent = 4 + place.len().max(7) + 2;
    let excepted = if violation.exception.is_some() { " (excepted)" } else { "" };
    text.push_str(&format!(
        "    {}  {}\n",
        styled(FAINT, format!("{place:>7}")),
        wrapped(&visible(&format!("{}{excepted}", violation.message)), width, indent)
    ));
}
