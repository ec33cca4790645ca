//! Converts the result of `diff` into the model of the formats for CI.

use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use hallpass_report::difference::{Change, Difference, DifferenceReport};

pub(super) fn of(report: &DifferenceReport) -> Findings {
    Findings {
        command: "diff",
        subjects: report.allowlists.iter().map(subject).collect(),
        problems: Findings::problems(&report.errors, &report.warnings, &[]),
        summary: report.summary_line(),
        remarks: Vec::new(),
    }
}

fn subject(difference: &Difference) -> Subject {
    let version = difference.new.as_ref().or(difference.old.as_ref());
    let location = version.map(|version| Location::line(&version.file, version.line)).unwrap_or_default();
    let is_wider = difference.wider.iter().any(|change| !change.allowed);
    let wider = difference.wider.iter().map(|change| {
        let level = if change.allowed { Level::Note } else { Level::Error };
        finding(level, "may now", change)
    });
    let narrower = difference.narrower.iter().map(|change| finding(Level::Note, "may no longer", change));
    Subject {
        name: difference.title(),
        location,
        result: if is_wider { Status::Failed } else { Status::Passed },
        text: format!("{} wider, {} narrower", difference.wider.len(), difference.narrower.len()),
        findings: wider.chain(narrower).collect(),
    }
}

fn finding(level: Level, may: &str, change: &Change) -> Finding {
    let location = Location::of(&change.file, None, &change.place);
    let whose =
        change.container.as_ref().map_or("a workload".to_owned(), |name| format!("container `{name}`"));
    Finding::new(level, change.class, format!("{whose} {may} {}", change.phrase())).at(location, &change.path)
}
