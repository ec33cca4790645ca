//! Converts the result of `diff --workloads` into the model of the formats for CI.

use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use crate::output::pretty::summary;
use crate::verdict_diff::{Change, Reason, VerdictDiff, Version};

pub(super) fn of(report: &VerdictDiff) -> Findings {
    let summary = &report.summary;
    Findings {
        command: "diff --workloads",
        subjects: report.workloads.iter().map(subject).collect(),
        problems: Findings::problems(&report.errors, &report.warnings, &report.notes),
        summary: report.summary_line(),
        remarks: summary::not_evaluated(summary.workloads, &summary.not_evaluated).into_iter().collect(),
    }
}

fn subject(change: &Change) -> Subject {
    let level = if change.fails { Level::Error } else { Level::Note };
    let mut findings: Vec<Finding> =
        change.reasons.iter().map(|reason| finding(level, change, reason)).collect();
    if change.unlisted > 0 {
        let message = format!("further mismatches are not listed: {}", change.unlisted);
        findings.push(Finding::new(Level::Note, "", message).at(at(change), ""));
    }
    if findings.is_empty() {
        findings.push(Finding::new(level, "", change.words()).at(at(change), ""));
    }
    Subject {
        name: match &change.variant {
            Some(variant) => format!("{} with {variant}", change.title()),
            None => change.title().to_owned(),
        },
        location: at(change),
        result: if change.fails { Status::Failed } else { Status::Passed },
        text: change.words(),
        findings,
    }
}

fn finding(level: Level, change: &Change, reason: &Reason) -> Finding {
    let version = if change.is_relief() { &change.old } else { &change.new };
    let template = version.as_ref().and_then(|version| version.template.as_deref());
    let location = Location::of(&reason.file, template, &reason.place);
    let message = match &reason.allowlist {
        Some(allowlist) => format!("{}: no match for `{allowlist}`: {}", change.words(), reason.message),
        None => format!("{}: {}", change.words(), reason.message),
    };
    let mut finding = Finding::new(level, &reason.rule, message)
        .at(location, &reason.path)
        .help(reason.help.clone().filter(|_| change.fails));
    finding.related = reason
        .other
        .iter()
        .map(|other| (Location::line(&other.file, other.line), reason.other_words(change.is_relief())))
        .collect();
    finding
}

fn at(change: &Change) -> Location {
    let of = |version: &Version| Location {
        template: version.template.clone(),
        ..Location::line(&version.file, version.line)
    };
    change.version().map(of).unwrap_or_default()
}
