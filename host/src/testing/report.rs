//! The result of a run, independent of the format. The JSON form is a contract: `schemas/test-report.schema.json`.

use std::collections::HashSet;

use hallpass_report::{Place, place};
use serde::Serialize;

use super::compare::{Actual, Cause, Difference};
use super::evaluate::Evaluated;
use super::file::{Test, TestFile, pointer_to};
use super::plan::{Plan, Run};
use super::select::select;
use super::update::{Change, Updates};
use crate::exit::Exit;
use crate::output::{Outcome, Problem};

/// The result for all test files.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestReport<'r> {
    schema_version: u32,
    /// One entry per test, in the order of the files.
    pub(crate) results: Vec<TestResult<'r>>,
    /// The reasons why tests could not be run.
    pub(crate) errors: Vec<Problem>,
    /// Input that was evaluated, but is probably not what its author intended.
    pub(crate) warnings: Vec<Problem>,
    /// The messages of programs that rendered charts.
    pub(crate) notes: Vec<Problem>,
    pub(crate) summary: Summary,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) tests: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) updated: usize,
    pub(crate) not_run: usize,
    pub(crate) errors: usize,
    /// Constraints that depend on the cluster. They do not count as passed.
    pub(crate) not_evaluated: Vec<String>,
}

/// The result of a test.
#[derive(Serialize)]
pub(crate) struct TestResult<'r> {
    pub(crate) file: &'r str,
    /// The line of the test.
    pub(crate) line: u32,
    pub(crate) name: &'r str,
    /// The values file of the variant, if the test has several.
    pub(crate) variant: Option<&'r str>,
    /// The index of the test in its file.
    #[serde(skip)]
    pub(super) test: usize,
    pub(crate) status: Status,
    /// The expectations that are not met.
    pub(crate) failures: Vec<Failure<'r>>,
    /// The changes of the expectation by `--update`.
    pub(crate) changes: Vec<Change>,
    /// The results for the selected workloads.
    pub(crate) workloads: Vec<&'r Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Status {
    Passed,
    Failed,
    /// It had failed, and its `expect` was replaced with the result.
    Updated,
    /// It could not be run; `errors` has the reason.
    NotRun,
}

/// An expectation that a workload does not meet.
#[derive(Serialize)]
pub(crate) struct Failure<'r> {
    /// JSON pointer to the expectation.
    pub(crate) path: String,
    /// Its location in the test file.
    #[serde(flatten)]
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The locations of the causes, in the workload and in the allowlist.
    pub(crate) causes: Vec<Cause<'r>>,
    /// The workload.
    #[serde(skip)]
    pub(crate) outcome: &'r Outcome,
}

impl<'r> TestReport<'r> {
    /// Compares the results with the expected ones.
    pub(crate) fn new(files: &'r [TestFile<'_>], plan: &'r Plan, evaluated: &'r [Evaluated]) -> Self {
        let mut report = TestReport {
            schema_version: 1,
            results: Vec::new(),
            errors: plan.errors.clone(),
            warnings: Vec::new(),
            notes: Vec::new(),
            summary: Summary::default(),
        };
        for group in evaluated {
            report.errors.extend(group.errors.iter().cloned());
            report.warnings.extend(group.warnings.iter().cloned());
            for constraint in &group.not_evaluated {
                if !report.summary.not_evaluated.contains(constraint) {
                    report.summary.not_evaluated.push(constraint.clone());
                }
            }
            for file in &group.files {
                report.errors.extend(file.errors.iter().cloned());
                report.warnings.extend(file.warnings.iter().cloned());
                report.notes.extend(file.notes.iter().cloned());
            }
        }
        // Groups can share an allowlist or a workload.
        unique(&mut report.errors);
        unique(&mut report.warnings);
        unique(&mut report.notes);
        for (file, runs) in files.iter().zip(&plan.runs) {
            for run in runs {
                let test = file.spec.tests.get(run.test);
                let result = test.map(|test| report.result(file, test, run, evaluated));
                report.results.extend(result);
            }
        }
        report
    }

    fn result(
        &mut self,
        file: &'r TestFile<'_>,
        test: &'r Test,
        run: &'r Run,
        evaluated: &'r [Evaluated],
    ) -> TestResult<'r> {
        let pointer = pointer_to(run.test);
        let line = file.parsed.document.locate(&pointer).line;
        let result = |status, failures, workloads| TestResult {
            file: file.name(),
            line,
            name: &test.name,
            variant: run.variant.as_deref(),
            test: run.test,
            status,
            failures,
            changes: Vec::new(),
            workloads,
        };
        let not_run = || result(Status::NotRun, Vec::new(), Vec::new());
        let Some(group) = run.unit.and_then(|unit| evaluated.get(unit.group)) else { return not_run() };
        let found = run.unit.and_then(|unit| group.files.get(unit.source));
        let Some(found) = found.filter(|found| found.errors.is_empty()) else { return not_run() };
        let workloads = match select(file, test, &pointer, &found.results) {
            Ok(workloads) => workloads,
            Err(mut problem) => {
                problem.variant = run.variant.as_deref().map(Into::into);
                self.errors.push(*problem);
                return not_run();
            }
        };
        let expected = test.expect.as_ref();
        let mut failures = Vec::new();
        for &outcome in &workloads {
            let differences =
                expected.map(|expect| Actual::of(outcome).differences(expect, &group.installed));
            failures.extend(differences.unwrap_or_default().into_iter().map(|difference| {
                let path = format!("{pointer}/expect{}", difference.path);
                let Difference { message, help, causes, .. } = difference;
                Failure { place: expectation(file, &path), path, message, help, causes, outcome }
            }));
        }
        // Without an expectation, which only `--update` accepts, nothing can pass.
        let passed = failures.is_empty() && expected.is_some();
        result(if passed { Status::Passed } else { Status::Failed }, failures, workloads)
    }

    /// Marks the tests whose expectations were updated before this run, and adds the reasons why others were not.
    pub(crate) fn mark(&mut self, updates: Updates) {
        for result in &mut self.results {
            let changes = updates.changed.get(&(result.file.to_owned(), result.test));
            if let Some(changes) = changes.filter(|_| result.status == Status::Passed) {
                result.status = Status::Updated;
                result.changes.clone_from(changes);
            }
        }
        self.errors.extend(updates.refused);
    }

    /// Counts the results. Returns the exit code: a test that could not run takes precedence over a failure, and an internal
    /// error over both.
    pub(crate) fn finish(&mut self) -> Exit {
        let count = |status| self.results.iter().filter(|result| result.status == status).count();
        self.summary = Summary {
            tests: self.results.len(),
            passed: count(Status::Passed),
            failed: count(Status::Failed),
            updated: count(Status::Updated),
            not_run: count(Status::NotRun),
            errors: self.errors.len(),
            not_evaluated: std::mem::take(&mut self.summary.not_evaluated),
        };
        match Exit::of(&self.errors, self.summary.failed > 0) {
            Exit::Success | Exit::Denied if self.summary.not_run > 0 => Exit::Input,
            exit => exit,
        }
    }
}

impl TestResult<'_> {
    /// Returns the name of the test, with the variant.
    pub(crate) fn title(&self) -> String {
        match self.variant {
            Some(variant) => format!("{} [{variant}]", self.name),
            None => self.name.to_owned(),
        }
    }
}

/// Returns the location of an expectation: for a list, that of its key.
fn expectation(file: &TestFile<'_>, path: &str) -> Place {
    let document = &file.parsed.document;
    let value = document.locate(path);
    let location = if value.width == 0 { document.locate_key(path) } else { value };
    place(&location, Some(&file.parsed.lines))
}

fn unique(problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    problems.retain(|problem| {
        let place = (problem.file.clone(), problem.variant.clone(), problem.line, problem.column);
        seen.insert((place, problem.message.clone()))
    });
}
