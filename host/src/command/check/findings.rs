//! Converts the report of `check` into the model of the formats for CI.

use hallpass_policy::Verdict;

use crate::output::exceptions;
use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use crate::output::outcome::{NOT_EXEMPTIBLE, compared, introduced, is_strict, named, nearest};
use crate::output::pretty::{plain, summary};
use crate::output::{Mismatch, Outcome, Place, Report, Violation};

pub(super) fn of(report: &Report) -> Findings {
    let not_evaluated = summary::not_evaluated(report.summary.workloads, &report.summary.not_evaluated);
    Findings {
        command: "check",
        subjects: report.results.iter().map(subject).collect(),
        problems: Findings::problems(&report.errors, &report.warnings, &report.notes),
        summary: plain(&summary::line(&report.summary, report.warnings.len())),
        remarks: summary::config(report).into_iter().chain(not_evaluated).collect(),
    }
}

fn subject(outcome: &Outcome) -> Subject {
    let findings = match outcome.verdict {
        Verdict::Denied if outcome.excepted => known(outcome),
        Verdict::Denied => reasons(outcome),
        Verdict::Admitted | Verdict::Exempted => Vec::new(),
    };
    let strict = is_strict(outcome);
    let level = if strict { Level::Error } else { Level::Note };
    let assumptions = outcome.assumptions.iter().map(|assumption| {
        Finding::new(level, assumption.rule.to_string(), format!("assumes: {}", assumption.message))
            .at(whole(outcome), "")
    });
    // The notes of a known denial say how to fix it.
    let notes = outcome
        .notes
        .iter()
        .filter(|_| !outcome.excepted)
        .map(|note| Finding::new(Level::Note, "", note).at(whole(outcome), ""));
    let mut findings: Vec<Finding> = findings.into_iter().chain(assumptions).chain(notes).collect();
    // The cause comes first.
    findings.sort_by_key(|finding| finding.severity() != Level::Error);
    Subject {
        name: match &outcome.variant {
            Some(variant) => format!("{} with {variant}", named(outcome)),
            None => named(outcome),
        },
        location: whole(outcome),
        result: match outcome.verdict {
            Verdict::Denied if outcome.excepted => Status::Excepted,
            Verdict::Denied => Status::Failed,
            Verdict::Admitted | Verdict::Exempted => Status::Passed,
        },
        text: words(outcome),
        findings,
    }
}

fn words(outcome: &Outcome) -> String {
    if outcome.excepted {
        let by: Vec<String> =
            exceptions::of(outcome).into_iter().map(|(exception, _)| exceptions::by(exception)).collect();
        return format!("excepted {}", by.join("; "));
    }
    let verdict = outcome.verdict.name();
    let by = outcome.allowlist.as_ref().map(|allowlist| format!(" by `{allowlist}`")).unwrap_or_default();
    let blocked = match outcome.no_connect {
        Some(true) => "; exec, attach and port-forward will be blocked",
        _ => "",
    };
    format!("{verdict}{by}{blocked}")
}

/// Returns the violations of a known denial.
fn known(outcome: &Outcome) -> Vec<Finding> {
    outcome.violations.iter().map(|it| violation(outcome, it, None)).collect()
}

/// Returns the reasons of a denial. For a near miss, these are the mismatches with the nearest allowlist, and the
/// violations from which it does not exempt.
fn reasons(outcome: &Outcome) -> Vec<Finding> {
    let nearest = nearest(outcome);
    let compared = nearest.and_then(|allowlist| compared(outcome, allowlist));
    let exempts = compared.map(|compared| compared.exempts.as_slice()).unwrap_or_default();
    let listed = outcome.mismatches.iter().filter(|it| Some(it.allowlist.as_str()) == nearest);
    let mut reasons: Vec<Finding> = listed.map(|it| mismatch(outcome, it)).collect();
    let hidden = compared.map_or(0, |compared| compared.mismatches.saturating_sub(reasons.len()));
    if let Some(allowlist) = nearest.filter(|_| hidden > 0) {
        let message = format!("{hidden} more mismatches with `{allowlist}` are not listed");
        reasons.push(Finding::new(Level::Note, "", message).at(whole(outcome), ""));
    }
    reasons.extend(outcome.violations.iter().map(|it| {
        let lifted = nearest.filter(|_| exempts.contains(&it.constraint));
        violation(outcome, it, lifted)
    }));
    reasons
}

fn mismatch(outcome: &Outcome, mismatch: &Mismatch) -> Finding {
    let message = format!("not exempted by `{}`: {}", mismatch.allowlist, mismatch.message);
    let mut finding = Finding::new(Level::Error, mismatch.rule.to_string(), message)
        .at(at(outcome, &mismatch.place), &mismatch.path)
        .help(mismatch.pitfall.clone())
        .help([mismatch.help.clone()]);
    if let Some(file) = &mismatch.allowlist_file {
        let place = &mismatch.allowlist_place;
        let location = Location {
            line: place.line,
            column: place.column,
            end_column: place.end_column,
            ..Location::whole(file)
        };
        let has = match (&mismatch.expected, &place.absent) {
            (Some(expected), _) => format!("the allowlist has {expected}"),
            (None, Some(field)) => format!("the allowlist has no `{field}` here"),
            (None, None) => "the allowlist has this".to_owned(),
        };
        finding.related.push((location, has));
    }
    finding.change =
        mismatch.allowlist_change.as_ref().map(|change| (introduced(change), change.yaml.clone()));
    finding
}

/// Converts a violation. `lifted` is the allowlist that exempts from it once nothing mismatches.
fn violation(outcome: &Outcome, violation: &Violation, lifted: Option<&str>) -> Finding {
    let is_cause = lifted.is_none() && !is_strict(outcome);
    let level = if is_cause { Level::Error } else { Level::Note };
    let help = match lifted {
        _ if !violation.exemptible => Some(NOT_EXEMPTIBLE.to_owned()),
        Some(allowlist) => Some(format!("`{allowlist}` exempts from this once the workload matches")),
        None => None,
    };
    let mut finding = Finding::new(level, violation.constraint, &violation.message)
        .at(at(outcome, &violation.place), &violation.path)
        .help(help);
    finding.excepted = violation.exception.as_ref().map(|exception| exception.reason.clone());
    finding
}

/// Returns the location of the workload itself.
fn whole(outcome: &Outcome) -> Location {
    Location { template: outcome.template.clone(), ..Location::line(&outcome.file, outcome.line) }
}

fn at(outcome: &Outcome, place: &Place) -> Location {
    Location::of(&outcome.file, outcome.template.as_deref(), place)
}
