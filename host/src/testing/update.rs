//! `--update`: writes the results into the `expect` of the tests that failed, for review.
//!
//! Every other byte of the file stays as it is. A changed file is read again before it is written: unless it is the old
//! file with the new expectations, nothing is written.

mod change;
mod edit;
mod scalar;
mod text;

use std::path::Path;

use hallpass_document::{Diagnostic, Value};

pub(crate) use change::Change;

use super::compare::Actual;
use super::file::{Expect, TestFile, pointer_to};
use super::report::{Status, TestReport, TestResult};
use crate::output::Problem;
use crate::output::file;
use change::{apply, changes};
use edit::Editor;

/// Writes the results of failed tests. Tests that could not be run stay as they are.
pub(crate) fn update(files: &[TestFile<'_>], report: &mut TestReport<'_>) {
    for file in files {
        let mut results: Vec<&mut TestResult<'_>> =
            report.results.iter_mut().filter(|result| result.file == file.name()).collect();
        if !results.iter().any(|result| result.status == Status::Failed) {
            continue;
        }
        if let Err(problems) = update_file(file, &mut results) {
            report.errors.extend(problems);
        }
    }
}

fn update_file(file: &TestFile<'_>, results: &mut [&mut TestResult<'_>]) -> Result<(), Vec<Problem>> {
    let mut editor = Editor::new(file)
        .ok_or_else(|| vec![Problem::new(file.name(), "a file that is not UTF-8 cannot be updated")])?;
    let mut problems = Vec::new();
    let mut planned = Vec::new();
    for (index, test) in file.spec.tests.iter().enumerate() {
        let runs = || results.iter().filter(|result| result.test == index);
        let is_known = runs().all(|run| run.status != Status::NotRun);
        if !is_known || !runs().any(|run| run.status == Status::Failed) {
            planned.push((test.expect.clone(), Vec::new()));
            continue;
        }
        // All variants of a test have one expectation.
        let outcomes = runs().flat_map(|run| run.workloads.iter());
        let actuals: Vec<Actual<'_>> = outcomes.map(|outcome| Actual::of(outcome)).collect();
        let edited = changes(test.expect.as_ref(), &actuals)
            .and_then(|changes| editor.change(index, &changes).map(|()| changes))
            .map(|changes| (Some(apply(test.expect.as_ref(), &changes)), changes));
        match edited {
            Ok(edited) => planned.push(edited),
            Err(reason) => {
                let pointer = format!("{}/expect", pointer_to(index));
                problems.push(refused(file, &pointer, &reason));
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if planned.iter().all(|(_, changes)| changes.is_empty()) {
        return Ok(());
    }
    let text = editor.finish();
    let expected: Vec<&Option<Expect>> = planned.iter().map(|(expect, _)| expect).collect();
    let Some(lines) = verified(file, &text, &expected) else {
        let reason = Refusal::new("the edited file would have another meaning", "edit it by hand");
        return Err(vec![refused(file, "/spec/tests", &reason)]);
    };
    file::write(Path::new(file.name()), text.as_bytes()).map_err(|problem| vec![*problem])?;
    for result in results {
        result.line = lines.get(result.test).copied().unwrap_or(result.line);
        let changes = planned.get(result.test).map(|(_, changes)| changes.clone()).unwrap_or_default();
        if result.status == Status::Failed && !changes.is_empty() {
            result.status = Status::Updated;
            result.changes = changes;
            result.failures.clear();
        }
    }
    Ok(())
}

/// Why an expectation is not updated.
pub(super) struct Refusal {
    reason: String,
    help: String,
}

impl Refusal {
    pub(super) fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Refusal { reason: reason.into(), help: help.into() }
    }
}

fn refused(file: &TestFile<'_>, pointer: &str, refusal: &Refusal) -> Problem {
    let fault = Diagnostic::new(pointer.to_owned(), format!("this cannot be updated: {}", refusal.reason));
    file.parsed.problem(&fault.in_key().help(refusal.help.as_str()))
}

/// Returns the line of each test in the new text, if it is the old file with these expectations.
fn verified(file: &TestFile<'_>, text: &str, expected: &[&Option<Expect>]) -> Option<Vec<u32>> {
    let new = TestFile::read(file.name(), text.as_bytes(), true).ok()?;
    let are: Vec<&Option<Expect>> = new.spec.tests.iter().map(|test| &test.expect).collect();
    let same = are == expected
        && without_expectations(file.parsed.document.root())
            == without_expectations(new.parsed.document.root());
    let line = |index| new.parsed.document.locate(&pointer_to(index)).line;
    same.then(|| (0..expected.len()).map(line).collect())
}

fn without_expectations<'v>(root: &Value<'v>) -> Value<'v> {
    let mut root = root.clone();
    if let Some(Value::List(tests)) = field(&mut root, "spec").and_then(|spec| field(spec, "tests")) {
        for test in tests {
            if let Value::Map(fields) = test {
                fields.retain(|(key, _)| key != "expect");
            }
        }
    }
    root
}

fn field<'m, 'v>(value: &'m mut Value<'v>, key: &str) -> Option<&'m mut Value<'v>> {
    let Value::Map(fields) = value else { return None };
    fields.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
