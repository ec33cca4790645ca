//! Compares the result for a workload with the expected one.

use hallpass_document::nearest;
use hallpass_policy::{SHOWN, Verdict};
use serde::Serialize;

use super::file::{Expect, Item};
use crate::output::outcome::{compared, named};
use crate::output::{Mismatch, Outcome, Place};

/// The maximum number of findings that a message lists.
const LISTED: usize = 3;

/// A part of an expectation that is not met.
pub(super) struct Difference<'o> {
    /// JSON pointer from `expect`.
    pub(super) path: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The locations of the causes, in the workload and in the allowlist.
    pub(super) causes: Vec<Cause<'o>>,
}

/// A location to compare an expectation with.
#[derive(Clone, Serialize)]
pub(crate) struct Cause<'o> {
    pub(crate) file: &'o str,
    /// The template from which Helm rendered the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<&'o str>,
    #[serde(flatten)]
    pub(crate) place: Place,
    /// A text about the location.
    pub(crate) message: &'o str,
}

/// The result, in the terms that a test can expect.
pub(super) struct Actual<'o> {
    outcome: &'o Outcome,
    pub(super) verdict: Verdict,
    /// The allowlist that exempts the workload, or to which its mismatches belong.
    pub(super) allowlist: Option<&'o str>,
    pub(super) constraints: Vec<Finding<'o>>,
    pub(super) mismatches: Vec<Finding<'o>>,
    /// The number of mismatches that the report does not list.
    pub(super) unlisted: usize,
}

/// A violation or a mismatch.
pub(super) struct Finding<'o> {
    pub(super) id: String,
    pub(super) path: &'o str,
    causes: Vec<Cause<'o>>,
}

impl<'o> Actual<'o> {
    pub(super) fn of(outcome: &'o Outcome) -> Self {
        let group = explained(outcome);
        let violations = outcome.violations.iter().map(|violation| Finding {
            id: violation.constraint.to_owned(),
            path: &violation.path,
            causes: vec![in_workload(outcome, &violation.place, &violation.message)],
        });
        let mismatches = group.iter().map(|mismatch| Finding {
            id: mismatch.rule.to_string(),
            path: &mismatch.path,
            causes: [in_workload(outcome, &mismatch.place, &mismatch.message)]
                .into_iter()
                .chain(in_allowlist(mismatch))
                .collect(),
        });
        let explained = group.first().map(|mismatch| mismatch.allowlist.as_str());
        let compared = explained.and_then(|allowlist| compared(outcome, allowlist));
        Actual {
            outcome,
            verdict: outcome.verdict,
            allowlist: outcome.allowlist.as_deref().or(explained),
            constraints: violations.collect(),
            mismatches: mismatches.collect(),
            unlisted: compared.map_or(0, |compared| compared.mismatches.saturating_sub(group.len())),
        }
    }

    /// Returns the differences between the result and the expectation. `installed` are the names of the allowlists.
    pub(super) fn differences(&self, expect: &Expect, installed: &[String]) -> Vec<Difference<'o>> {
        let mut found = Vec::new();
        let unmet = expect.verdict().filter(|(_, verdict)| *verdict != self.verdict.name());
        if let Some((field, verdict)) = unmet {
            found.push(self.verdict(field, verdict, expect, installed));
        }
        // A field that states another verdict needs no further comparison.
        let is_compared = |field| unmet.is_none_or(|(stating, _)| stating != field);
        let allowlist = expect.allowlist.as_ref().filter(|_| is_compared("allowlist"));
        if let Some(allowlist) = allowlist.filter(|name| self.allowlist != Some(name)) {
            found.push(self.allowlist(allowlist, installed));
        }
        if let Some(items) = &expect.constraints {
            let what = What { field: "constraints", one: "violation", subject: named(self.outcome) };
            differing(items, &self.constraints, &what, &mut found);
            if let Some(id) = self.incomplete(items) {
                let message =
                    format!("not all violations of `{id}` are listed, so their paths cannot be compared");
                found.push(Difference {
                    path: "/constraints".to_owned(),
                    message,
                    help: Some(format!("expect `{id}` without paths")),
                    causes: Vec::new(),
                });
            }
        }
        if let Some(items) = expect.mismatches.as_ref().filter(|_| is_compared("mismatches")) {
            let with = self.allowlist.map(|name| format!(" with `{name}`")).unwrap_or_default();
            let subject = format!("{}{with}", named(self.outcome));
            let what = What { field: "mismatches", one: "mismatch", subject };
            differing(items, &self.mismatches, &what, &mut found);
            if self.unlisted > 0 {
                let (message, help) = (
                    format!("{} more mismatches are not listed, so they cannot be compared", self.unlisted),
                    "expect only the verdict, or load an allowlist that is closer to the workload",
                );
                found.push(Difference {
                    path: "/mismatches".to_owned(),
                    message,
                    help: Some(help.to_owned()),
                    causes: Vec::new(),
                });
            }
        }
        found
    }

    /// Returns a constraint whose items name paths, although the report may not list all of its violations.
    pub(super) fn incomplete<'i>(&self, items: &'i [Item]) -> Option<&'i str> {
        let count = |id: &str| self.constraints.iter().filter(|finding| finding.id == id).count();
        let with_paths = items.iter().filter(|item| matches!(item, Item::At { .. }));
        with_paths.map(Item::id).find(|id| count(id) >= SHOWN)
    }

    /// `field` is the one that states the expected verdict.
    fn verdict(&self, field: &str, expected: &str, expect: &Expect, installed: &[String]) -> Difference<'o> {
        let by = match (self.verdict, self.allowlist) {
            (Verdict::Exempted, Some(allowlist)) => format!(" by `{allowlist}`"),
            _ => String::new(),
        };
        let allowlist = expect.allowlist.as_ref().filter(|_| field == "allowlist");
        let not_by = allowlist.map(|name| format!(" by `{name}`")).unwrap_or_default();
        let message =
            format!("{} is {}{by}, not {expected}{not_by}", named(self.outcome), self.verdict.name());
        let stated = format!("without `verdict`, `{field}` means `verdict: {expected}`");
        let unloaded = allowlist.and_then(|name| unloaded(name, installed));
        let help = unloaded.or_else(|| (field != "verdict").then_some(stated));
        // The mismatches are the reasons of a near miss.
        let reasons = match self.verdict {
            Verdict::Denied if self.mismatches.is_empty() => self.constraints.as_slice(),
            Verdict::Denied => self.mismatches.as_slice(),
            Verdict::Admitted | Verdict::Exempted => &[],
        };
        let causes = reasons.iter().take(LISTED).filter_map(|reason| reason.causes.first().cloned());
        Difference { path: format!("/{field}"), message, help, causes: causes.collect() }
    }

    fn allowlist(&self, expected: &str, installed: &[String]) -> Difference<'o> {
        let subject = named(self.outcome);
        let message = match (self.verdict, self.allowlist) {
            (Verdict::Exempted, Some(allowlist)) => {
                format!("{subject} is exempted by `{allowlist}`, not by `{expected}`")
            }
            (Verdict::Denied, Some(allowlist)) => {
                format!(
                    "{subject} is denied, and the mismatches are about `{allowlist}`, not about `{expected}`"
                )
            }
            (Verdict::Denied, None) => format!("{subject} is denied, and no loaded allowlist is for it"),
            (verdict, _) => format!("{subject} is {} without an allowlist", verdict.name()),
        };
        let help = unloaded(expected, installed);
        Difference { path: "/allowlist".to_owned(), message, help, causes: Vec::new() }
    }
}

/// Returns a help line for the name of an allowlist that is not loaded.
fn unloaded(expected: &str, installed: &[String]) -> Option<String> {
    let loaded = installed.iter().any(|name| name == expected);
    (!loaded).then(|| match nearest(expected, installed.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("`{expected}` is not among the loaded allowlists"),
    })
}

/// Returns the mismatches that explain a denial: with the allowlist that the label names, or else with the nearest one
/// that is for the workload.
fn explained(outcome: &Outcome) -> &[Mismatch] {
    let group =
        outcome.mismatches.chunk_by(|one, next| one.allowlist == next.allowlist).next().unwrap_or_default();
    let is_related = group.first().is_some_and(|first| {
        // An allowlist that is not loaded is not compared: the label names it.
        compared(outcome, &first.allowlist).is_none_or(|compared| compared.related)
    });
    if is_related { group } else { &[] }
}

fn in_workload<'o>(outcome: &'o Outcome, place: &Place, message: &'o str) -> Cause<'o> {
    Cause { file: &outcome.file, template: outcome.template.as_deref(), place: place.clone(), message }
}

fn in_allowlist(mismatch: &Mismatch) -> Option<Cause<'_>> {
    let place = &mismatch.allowlist_place;
    let place = Place {
        line: place.line?,
        column: place.column?,
        end_column: place.end_column,
        anchor: None,
        absent: None,
        snippet: place.snippet.clone(),
    };
    Some(Cause { file: mismatch.allowlist_file.as_deref()?, template: None, place, message: "the allowlist" })
}

impl Item {
    /// Whether the item expects a finding.
    pub(super) fn expects(&self, finding: &Finding<'_>) -> bool {
        match self {
            Item::Id(id) => *id == finding.id,
            Item::At { id, path } => *id == finding.id && path == finding.path,
        }
    }
}

/// The words for a list of findings.
struct What {
    field: &'static str,
    one: &'static str,
    subject: String,
}

/// Adds a difference for each unexpected finding, and for each expected one that is missing.
fn differing<'o>(items: &[Item], findings: &[Finding<'o>], what: &What, found: &mut Vec<Difference<'o>>) {
    let What { field, one, subject } = what;
    for (index, item) in items.iter().enumerate() {
        if findings.iter().any(|finding| item.expects(finding)) {
            continue;
        }
        let message = match item {
            Item::Id(id) => format!("no {one} `{id}` of {subject}"),
            Item::At { id, path } => format!("no {one} `{id}` at `{path}` of {subject}"),
        };
        let elsewhere = findings.iter().find(|finding| finding.id == item.id());
        found.push(Difference {
            path: format!("/{field}/{index}"),
            message,
            help: elsewhere.map(|finding| format!("`{}` is at `{}`", finding.id, finding.path)),
            causes: elsewhere.map(|finding| finding.causes.clone()).unwrap_or_default(),
        });
    }
    let is_unexpected = |finding: &&Finding<'_>| !items.iter().any(|item| item.expects(finding));
    let unexpected: Vec<&Finding<'o>> = findings.iter().filter(is_unexpected).collect();
    let Some(first) = unexpected.first() else { return };
    let mut listed: Vec<String> = Vec::new();
    for finding in unexpected.iter().take(LISTED) {
        listed.push(format!("`{}` at `{}`", finding.id, finding.path));
    }
    if unexpected.len() > LISTED {
        listed.push(format!("{} more", unexpected.len() - LISTED));
    }
    let plural = match (unexpected.len(), *one) {
        (1, _) => format!("unexpected {one}"),
        (count, "mismatch") => format!("{count} unexpected mismatches"),
        (count, _) => format!("{count} unexpected {one}s"),
    };
    found.push(Difference {
        path: format!("/{field}"),
        message: format!("{plural} of {subject}: {}", hallpass_document::listed(listed, "and")),
        help: None,
        causes: first.causes.clone(),
    });
}
