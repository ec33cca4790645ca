//! Converts the result of `lint` into the model of the formats for CI.

use std::collections::HashMap;

use hallpass_lint::{LintFinding, LintReport};

use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use crate::output::pretty::lint::{fixable, line};
use crate::output::pretty::plain;
use crate::text::counted;

pub(super) fn of(report: &LintReport) -> Findings {
    Findings {
        command: "lint",
        subjects: subjects(report),
        problems: Findings::problems(&report.errors, &[], &[]),
        summary: plain(&line(report)),
        remarks: Vec::new(),
    }
}

/// Returns the files with an object or a finding, in the order of the report.
fn subjects(report: &LintReport) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    let mut indexes = HashMap::new();
    let files = report.files.iter().chain(report.findings.iter().map(|finding| &finding.file));
    for file in files {
        indexes.entry(file.as_str()).or_insert_with(|| {
            subjects.push(Subject {
                name: file.clone(),
                location: Location::whole(file),
                result: Status::Passed,
                text: String::new(),
                findings: Vec::new(),
            });
            subjects.len() - 1
        });
    }
    for finding in &report.findings {
        let index = indexes.get(finding.file.as_str());
        if let Some(subject) = index.and_then(|index| subjects.get_mut(*index)) {
            subject.findings.push(of_finding(finding));
        }
    }
    subjects.iter_mut().for_each(conclude);
    subjects
}

/// Sets the result of a file according to its findings.
fn conclude(subject: &mut Subject) {
    let count = |level| subject.at(level).filter(|finding| finding.excepted.is_none()).count();
    let counts = [(count(Level::Error), "error"), (count(Level::Warning), "warning")];
    let failures = counts.into_iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = failures.map(|(count, name)| counted(count, name)).collect();
    let is_excepted = |finding: &Finding| finding.excepted.is_some() && finding.level != Level::Note;
    (subject.result, subject.text) = if !words.is_empty() {
        (Status::Failed, words.join(", "))
    } else if subject.findings.iter().any(is_excepted) {
        (Status::Excepted, "suppressed".to_owned())
    } else {
        (Status::Passed, "passed".to_owned())
    };
}

fn of_finding(finding: &LintFinding) -> Finding {
    let help = finding.help.clone().into_iter().chain(fixable(finding));
    let location = Location::of(&finding.file, finding.template.as_deref(), &finding.place);
    let mut converted =
        Finding::new(finding.level, finding.rule, &finding.message).at(location, &finding.path).help(help);
    let related = finding.related.as_ref();
    converted.related = related
        .map(|related| (Location::of(&related.file, None, &related.place), related.message.clone()))
        .into_iter()
        .collect();
    converted.excepted.clone_from(&finding.suppressed);
    converted.in_source = true;
    converted
}
