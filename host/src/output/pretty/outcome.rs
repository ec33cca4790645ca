//! One workload's verdict.

mod mismatches;
mod violations;

use hallpass_policy::Verdict;

use super::super::outcome::{is_strict, named, nearest};
use super::super::{Outcome, Place};
use super::style::{BAD, EXEMPT, FAINT, GOOD, STRONG, styled, wrapped};
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
    let denied = outcome.verdict == Verdict::Denied;
    if detail == Detail::Quiet && !denied {
        return;
    }
    if denied {
        blank_line(text);
    }
    title(outcome, width, text);
    if denied {
        reasons(outcome, detail, width, cited, text);
    } else if detail == Detail::Verbose {
        violations::by_constraint(outcome, &outcome.violations, detail, width, text);
    }
    for assumption in &outcome.assumptions {
        remark("assumes", &format!("{} [{}]", assumption.message, assumption.rule), width, text);
    }
    for note in &outcome.notes {
        remark("note", note, width, text);
    }
    if !others.is_empty() {
        blank_line(text);
        for other in others {
            title(other, width, text);
        }
        let name = visible(&named(outcome));
        let all = if others.len() == 1 { "" } else { "all " };
        let reference = wrapped(&format!("{all}for the same reasons as {name}"), width, BELOW);
        text.push_str(&format!("{}{reference}\n", " ".repeat(BELOW)));
    }
    if denied {
        blank_line(text);
    }
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

fn title(outcome: &Outcome, width: usize, text: &mut String) {
    let style = match outcome.verdict {
        Verdict::Admitted => GOOD,
        Verdict::Exempted => EXEMPT,
        Verdict::Denied => BAD,
    };
    let subject = visible(&named(outcome));
    let origin = origin(outcome.template.as_deref(), outcome.variant.as_deref()).unwrap_or_default();
    let place = whereabouts(&outcome.file, outcome.line) + &origin;
    text.push_str(&format!(
        "{} {}  {}\n",
        styled(style, outcome.verdict.name()),
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
}

/// Returns why the text at a location is not the value itself.
fn label(place: &Place) -> Option<String> {
    let absent = place.absent.as_ref().map(|field| format!("no `{field}` in here"));
    absent.or_else(|| place.anchor.as_ref().map(|anchor| format!("through the anchor `{anchor}`")))
}

fn remark(name: &str, message: &str, width: usize, text: &mut String) {
    let indent = 2 + name.len() + 2;
    let message = wrapped(&visible(message), width, indent);
    text.push_str(&format!("  {}: {message}\n", styled(STRONG, name)));
}
