//! The reasons why a workload is denied, or needs an exemption.

use hallpass_policy::Verdict;
use serde::Serialize;

use super::counterpart::{Counterpart, State, Texts, counterpart};
use crate::output::outcome::{compared, is_strict, nearest};
use crate::output::{Mismatch, Outcome, Place, Violation};

/// One reason.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reason {
    /// The id of a constraint or of a rule.
    pub(crate) rule: String,
    /// The allowlist that does not match because of it; null for a violation.
    pub(crate) allowlist: Option<String>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) file: String,
    #[serde(flatten)]
    pub(crate) place: Place,
    /// JSON pointer, from the root of the document.
    pub(crate) path: String,
    /// The same field in the other version of the workload.
    pub(crate) other: Option<Counterpart>,
}

impl Reason {
    /// Describes the field in the other version: `` `true` in the old version ``. `is_newer` means that the other version is the
    /// new one.
    pub(crate) fn other_words(&self, is_newer: bool) -> String {
        let version = if is_newer { "in the new version" } else { "in the old version" };
        match &self.other {
            None => String::new(),
            Some(Counterpart { state: State::Equal, .. }) => "the same in both versions".to_owned(),
            Some(Counterpart { state: State::Absent, .. }) => format!("not {version}"),
            Some(Counterpart { value: Some(value), .. }) => format!("`{value}` {version}"),
            Some(Counterpart { value: None, .. }) => format!("different {version}"),
        }
    }
}

/// A workload, and the texts of its side.
type Located<'o, 't> = (&'o Outcome, &'o Texts<'t>);

/// Returns the reasons of a verdict: those of a denial, or the violations of an exempted workload.
pub(super) fn of(worse: Option<Located<'_, '_>>, better: Option<Located<'_, '_>>) -> Vec<Reason> {
    let Some(worse) = worse else { return Vec::new() };
    let outcome = worse.0;
    let mut reasons = match outcome.verdict {
        Verdict::Admitted => return Vec::new(),
        Verdict::Exempted => outcome.violations.iter().map(|it| violation(outcome, it)).collect(),
        Verdict::Denied => denial(outcome, better.and_then(|(better, _)| better.allowlist.as_deref())),
    };
    for reason in &mut reasons {
        reason.other = better.and_then(|better| counterpart(worse, &reason.path, better));
    }
    reasons
}

/// Returns the number of mismatches with the allowlists of these reasons that the verdict does not list.
pub(super) fn unlisted(outcome: &Outcome, reasons: &[Reason]) -> usize {
    let unlisted = outcome.compared.iter().map(|compared| {
        let listed = reasons.iter().filter(|it| it.allowlist.as_ref() == Some(&compared.allowlist)).count();
        if listed == 0 { 0 } else { compared.mismatches.saturating_sub(listed) }
    });
    unlisted.sum()
}

/// Returns the reasons of a denial. The allowlist that exempts the other version explains it best, even if another is nearer.
fn denial(outcome: &Outcome, allowlist: Option<&str>) -> Vec<Reason> {
    if is_strict(outcome) {
        return outcome.assumptions.iter().map(|it| assumption(outcome, it)).collect();
    }
    let allowlist = allowlist.filter(|name| compared(outcome, name).is_some()).or_else(|| nearest(outcome));
    let exempts = allowlist.and_then(|name| compared(outcome, name)).map(|compared| &compared.exempts);
    // The label can name an allowlist that is not loaded. Then the other reasons do not help without this one.
    let is_cause = |it: &&Mismatch| {
        Some(&*it.allowlist) == allowlist || it.considered && it.allowlist_place.line.is_none()
    };
    let mismatches = outcome.mismatches.iter().filter(is_cause).map(|it| mismatch(outcome, it));
    let is_lifted = |it: &&Violation| exempts.is_some_and(|exempts| exempts.contains(&it.constraint));
    let violations = outcome.violations.iter().filter(|it| !is_lifted(it)).map(|it| violation(outcome, it));
    mismatches.chain(violations).collect()
}

fn mismatch(outcome: &Outcome, mismatch: &Mismatch) -> Reason {
    Reason {
        allowlist: Some(mismatch.allowlist.clone()),
        help: Some(mismatch.help.clone()),
        ..reason(outcome, mismatch.rule.to_string(), &mismatch.message, &mismatch.place, &mismatch.path)
    }
}

fn violation(outcome: &Outcome, violation: &Violation) -> Reason {
    let Violation { constraint, message, place, path, .. } = violation;
    reason(outcome, (*constraint).to_owned(), message, place, path)
}

/// Converts an assumption, which concerns the whole workload.
fn assumption(outcome: &Outcome, assumption: &hallpass_report::Assumption) -> Reason {
    let place =
        Place { line: outcome.line, column: 1, end_column: None, anchor: None, absent: None, snippet: None };
    let message = format!("strict mode does not accept the assumption: {}", assumption.message);
    reason(outcome, assumption.rule.to_string(), &message, &place, "")
}

fn reason(outcome: &Outcome, rule: String, message: &str, place: &Place, path: &str) -> Reason {
    Reason {
        rule,
        allowlist: None,
        message: message.to_owned(),
        help: None,
        file: outcome.file.clone(),
        place: place.clone(),
        path: path.to_owned(),
        other: None,
    }
}
