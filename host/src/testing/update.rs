//! `--update`: writes the results into the `expect` of the tests that failed, for review.
//!
//! Every other byte of the file stays as it is, and so does every comment: the comment of a removed item or field stays on its
//! own line. The new text is read before it is written: unless it is the old file with the new expectations, nothing is
//! written.

mod change;
mod edit;

use std::collections::HashMap;

use hallpass_document::{Diagnostic, Value};
use hallpass_edit::{Editor, Refusal};

pub(crate) use change::Change;

use super::compare::Actual;
use super::file::{Expect, TestFile, pointer_to};
use super::report::{Status, TestReport, TestResult};
use crate::output::Problem;
use crate::output::file;
use change::{apply, changes};
use edit::edit;

/// The changed expectations, by file and index of the test.
type Changed = HashMap<(String, usize), Vec<Change>>;

/// The result of an update.
#[derive(Default)]
pub(crate) struct Updates {
    pub(super) changed: Changed,
    /// The reasons why other expectations are not updated.
    pub(crate) refused: Vec<Problem>,
}

impl Updates {
    /// Whether no file was written.
    pub(crate) fn wrote_nothing(&self) -> bool {
        self.changed.is_empty()
    }
}

/// Writes the results of failed tests. Tests that could not be run stay as they are.
pub(crate) fn update(files: &[TestFile<'_>], report: &TestReport<'_>) -> Updates {
    let mut updates = Updates::default();
    for file in files {
        let results = || report.results.iter().filter(|result| result.file == file.name());
        if !results().any(|result| result.status == Status::Failed) {
            continue;
        }
        match update_file(file, &results().collect::<Vec<_>>()) {
            Ok(changed) => updates.changed.extend(changed),
            Err(problems) => updates.refused.extend(problems),
        }
    }
    updates
}

fn update_file(file: &TestFile<'_>, results: &[&TestResult<'_>]) -> Result<Changed, Vec<Problem>> {
    let mut editor = match Editor::new(file.bytes) {
        Ok(editor) => editor.compact(),
        Err(reason) => return Err(vec![refused(file, "/spec/tests", &reason)]),
    };
    let mut problems = Vec::new();
    let mut changed = HashMap::new();
    let mut expected: Vec<Option<Expect>> = Vec::new();
    for (index, test) in file.spec.tests.iter().enumerate() {
        expected.push(test.expect.clone());
        let runs = || results.iter().filter(|result| result.test == index);
        let is_known = runs().all(|run| run.status != Status::NotRun);
        if !is_known || !runs().any(|run| run.status == Status::Failed) {
            continue;
        }
        // All variants of a test have one expectation.
        let outcomes = runs().flat_map(|run| run.workloads.iter());
        let actuals: Vec<Actual<'_>> = outcomes.map(|outcome| Actual::of(outcome)).collect();
        let edited = changes(test.expect.as_ref(), &actuals)
            .and_then(|changes| edit(&mut editor, file, index, &changes).map(|()| changes));
        match edited {
            Ok(changes) => {
                expected.pop();
                expected.push(Some(apply(test.expect.as_ref(), &changes)));
                changed.insert((file.name().to_owned(), index), changes);
            }
            Err(reason) => {
                let pointer = format!("{}/expect", pointer_to(index));
                problems.push(refused(file, &pointer, &reason));
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if !changed.is_empty() {
        write(file, &editor.finish(), &expected).map_err(|problem| vec![*problem])?;
    }
    Ok(changed)
}

/// Writes the new text of a file.
fn write(file: &TestFile<'_>, text: &str, expected: &[Option<Expect>]) -> Result<(), Box<Problem>> {
    if !is_as_expected(file, text, expected) {
        let reason = Refusal::new("the edited file would have another meaning", "edit it by hand");
        return Err(Box::new(refused(file, "/spec/tests", &reason)));
    }
    file::replace_read(file.name(), file.bytes, text.as_bytes(), "updated")
}

fn refused(file: &TestFile<'_>, pointer: &str, refusal: &Refusal) -> Problem {
    let fault = Diagnostic::new(pointer.to_owned(), format!("this cannot be updated: {}", refusal.reason));
    file.parsed.problem(&fault.in_key().help(refusal.help.as_str()))
}

/// Whether a text is the old file with these expectations.
fn is_as_expected(file: &TestFile<'_>, text: &str, expected: &[Option<Expect>]) -> bool {
    let Ok(new) = TestFile::read(file.name(), text.as_bytes(), true) else { return false };
    new.spec.tests.iter().map(|test| &test.expect).eq(expected)
        && without_expectations(file.parsed.document.root())
            == without_expectations(new.parsed.document.root())
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
