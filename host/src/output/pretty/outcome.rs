//! One workload's verdict.

mod mismatches;
mod violations;

use hallpass_policy::Verdict;

use super::super::exceptions;
use super::super::outcome::{is_strict, named, nearest};
use super::super::{Outcome, Place};
use super::style::{BAD, EXEMPT, FAINT, GOOD, STRONG, WAITING, styled, wrapped};
use super::{Cited, Detail, blank_line, origin, whereabouts};
use crate::text::visible;

/// The columns of a verdict and a blank.
const BELOW: usize = "exempted ".len();

/// `others` are denied for the same reasons.
pub(super) fn render(
    outcome: &Outcome,
    others: &[&Outcome],
    detail: Detail,
    width: usize,
    cited: &mut Cited,
    text: &mut String,
) {
    let is_verbose = detail == Detail::Verbose;
    // A known denial needs no action.
    let is_explained = outcome.verdict == Verdict::Denied && (!outcome.excepted || is_verbose);
    if detail == Detail::Quiet && !is_explained {
        return;
    }
    if is_explained {
        blank_line(text);
    }
    title(outcome, width, text);
    if is_explained {
        reasons(outcome, detail, width, cited, text);
        excepted(outcome, width, text);
    } else if is_verbose {
        violations::by_constraint(outcome, &outcome.violations, detail, width, text);
    }
    for assumption in &outcome.assumptions {
        remark("assumes", &format!("{} [{}]", assumption.message, assumption.rule), width, text);
    }
    if !outcome.excepted || is_verbose {
        for note in &outcome.notes {
            remark("note", note, width, text);
        }
    }
    if !others.is_empty() {
        blank_line(text);
        for other in others {
            title(other, width, text);
        }
        let mut name = visible(&named(outcome));
        if others.iter().any(|other| named(other) == named(outcome)) {
            name.extend(origin(None, outcome.variant.as_deref()));
        }
        let all = if others.len() == 1 { "" } else { "all " };
        refer(&format!("{all}for the same reasons as {name}"), width, text);
    }
    if is_explained {
        blank_line(text);
    }
}

/// A denial for reasons that an earlier test shows.
pub(super) fn as_in_test(outcome: &Outcome, test: &str, width: usize, text: &mut String) {
    title(outcome, width, text);
    refer(&format!("for the same reasons as in the test `{}`", visible(test)), width, text);
}

fn refer(reference: &str, width: usize, text: &mut String) {
    text.push_str(&format!("{}{}\n", " ".repeat(BELOW), wrapped(reference, width, BELOW)));
}

/// The cause comes first: for a near miss, the mismatches; otherwise, the violations.
fn reasons(outcome: &Outcome, detail: Detail, width: usize, cited: &mut Cited, text: &mut String) {
    let is_strict = is_strict(outcome);
    let nearest = nearest(outcome);
    if nearest.is_none() && !is_strict {
        violations::with_sources(outcome, &outcome.violations, detail, width, text);
    }
    let others = mismatches::render(outcome, detail, width, cited, text);
    match nearest {
        Some(allowlist) => violations::after(outcome, allowlist, detail, width, text),
        None if is_strict => violations::by_constraint(outcome, &outcome.violations, detail, width, text),
        None => {}
    }
    if !others.is_empty() {
        let list = format!("{}; --verbose shows why not", others.join(", "));
        remark("also compared", &list, width, text);
    }
}

/// The violations of a denial that exceptions cover. The title of a known denial names the exceptions.
fn excepted(outcome: &Outcome, width: usize, text: &mut String) {
    if outcome.excepted {
        return;
    }
    for (exception, constraints) in exceptions::of(outcome) {
        let message = format!("{}, {}", constraints.join(", "), exceptions::because(exception));
        remark("excepted", &message, width, text);
    }
    if outcome.is_covered() {
        let message = "exceptions cover all violations, but `--strict` does not accept the assumptions";
        remark("note", message, width, text);
    }
}

fn title(outcome: &Outcome, width: usize, text: &mut String) {
    let (word, style) = match outcome.verdict {
        Verdict::Denied if outcome.excepted => ("excepted", WAITING),
        Verdict::Admitted => (outcome.verdict.name(), GOOD),
        Verdict::Exempted => (outcome.verdict.name(), EXEMPT),
        Verdict::Denied => (outcome.verdict.name(), BAD),
    };
    let subject = visible(&named(outcome));
    let origin = origin(outcome.template.as_deref(), outcome.variant.as_deref()).unwrap_or_default();
    let place = whereabouts(&outcome.file, outcome.line) + &origin;
    text.push_str(&format!(
        "{} {}  {}\n",
        styled(style, word),
        styled(STRONG, subject),
        styled(FAINT, place),
    ));
    if let Some(allowlist) = &outcome.allowlist {
        let blocked = match outcome.no_connect {
            Some(true) => "; exec, attach and port-forward will be blocked",
            _ => "",
        };
        let by = wrapped(&format!("by {}{blocked}", visible(allowlist)), width, BELOW);
        text.push_str(&format!("{}{by}\n", " ".repeat(BELOW)));
    }
    if outcome.excepted {
        for (exception, _) in exceptions::of(outcome) {
            let by = wrapped(&visible(&exceptions::because(exception)), width, BELOW);
            text.push_str(&format!("{}{by}\n", " ".repeat(BELOW)));
        }
    }
}

/// Returns why the text at a location is not the value itself.
pub(super) fn label(place: &Place) -> Option<String> {
    let absent = place.absent.as_ref().map(|field| format!("no `{field}` in here"));
    absent.or_else(|| place.anchor.as_ref().map(|anchor| format!("through the anchor `{anchor}`")))
}

fn remark(name: &str, message: &str, width: usize, text: &mut String) {
    let indent = 2 + name.len() + 2;
    let message = wrapped(&visible(message), width, indent);
    text.push_str(&format!("  {}: {message}\n", styled(STRONG, name)));
}
