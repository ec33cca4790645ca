//! Converts the report of `test` into the model of the formats for CI.

use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use crate::output::outcome::named;
use crate::output::pretty::plain;
use crate::output::pretty::summary::not_evaluated;
use crate::output::pretty::test::line;
use crate::testing::{self, Failure, TestReport, TestResult};

pub(super) fn of(report: &TestReport<'_>) -> Findings {
    Findings {
        command: "test",
        subjects: report.results.iter().map(subject).collect(),
        problems: Findings::problems(&report.errors, &report.warnings, &report.notes),
        summary: plain(&line(report)),
        remarks: not_evaluated(report.summary.tests, &report.summary.not_evaluated).into_iter().collect(),
    }
}

fn subject(result: &TestResult<'_>) -> Subject {
    let (status, text) = match result.status {
        testing::Status::Passed => (Status::Passed, "passed"),
        testing::Status::Updated => (Status::Passed, "updated"),
        testing::Status::Failed => (Status::Failed, "failed"),
        testing::Status::NotRun => (Status::Failed, "not run: the errors of the run say why"),
    };
    let location = Location::line(result.file, result.line);
    let findings = result.failures.iter().map(|failure| of_failure(result, failure)).collect();
    Subject { name: result.title(), location, result: status, text: text.to_owned(), findings }
}

fn of_failure(result: &TestResult<'_>, failure: &Failure<'_>) -> Finding {
    let mut finding = Finding::new(Level::Error, "", &failure.message)
        .at(Location::of(result.file, None, &failure.place), &failure.path)
        .help(failure.help.clone());
    let related = failure
        .causes
        .iter()
        .map(|cause| (Location::of(cause.file, cause.template, &cause.place), cause.message.to_owned()));
    finding.related = related.collect();
    if finding.related.is_empty() {
        let outcome = failure.outcome;
        let location = Location::line(&outcome.file, outcome.line);
        finding.related = vec![(Location { template: outcome.template.clone(), ..location }, named(outcome))];
    }
    finding
}
