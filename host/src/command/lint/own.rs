//! Fleets and test files, which have their own readers.

use hallpass_document::{Diagnostic, Value};
use hallpass_lint::{Finding, INVALID_FLEET, INVALID_TEST, Level, Place, Rule, Source};

use super::read::Read;
use crate::fleet;
use crate::output::Problem;
use crate::testing::{TestFile, is_test};

/// A kind of hallpass to lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Fleet,
    Test,
}

impl Kind {
    /// Returns the kind of a document, also of one with a typo.
    pub(super) fn of(root: &Value<'_>) -> Option<Self> {
        let text = |field: &str| root.get(field).and_then(Value::as_str);
        let is_ours = text("apiVersion").is_some_and(|version| version.starts_with("hallpass.dev/"));
        match text("kind") {
            Some("Fleet") if is_ours => Some(Kind::Fleet),
            _ => is_test(root).then_some(Kind::Test),
        }
    }
}

/// Returns the findings of the readers of fleets and tests, and errors for files that they cannot read.
pub(super) fn findings(read: &Read<'_>) -> (Vec<Finding>, Vec<Problem>) {
    let (mut findings, mut errors) = (Vec::new(), Vec::new());
    for (index, source) in read.sources.iter().enumerate() {
        let first = source.documents.iter().find_map(|document| Kind::of(document.root()));
        let is_readable = !read.errors.iter().any(|error| error.file == source.file);
        let Some(kind) = first.filter(|_| is_readable) else { continue };
        match faults(kind, source) {
            Ok((rule, level, faults)) => {
                findings.extend(faults.into_iter().map(|fault| finding(rule, level, index, fault)));
            }
            Err(problems) => errors.extend(problems),
        }
    }
    (findings, errors)
}

type Faults = (&'static Rule, Level, Vec<Diagnostic>);

fn faults(kind: Kind, source: &Source<'_>) -> Result<Faults, Vec<Problem>> {
    match kind {
        Kind::Fleet => fleet::faults(source.file, source.bytes).map(|read| match read {
            Ok(warnings) => (&INVALID_FLEET, Level::Warning, warnings),
            Err(errors) => (&INVALID_FLEET, Level::Error, errors),
        }),
        Kind::Test => {
            TestFile::faults(source.file, source.bytes).map(|faults| (&INVALID_TEST, Level::Error, faults))
        }
    }
}

/// Converts a finding. Such a file has only one document.
fn finding(rule: &'static Rule, level: Level, source: usize, fault: Diagnostic) -> Finding {
    let place = Place { source, document: 0, pointer: fault.path, in_key: fault.in_key };
    Finding { level, help: fault.help, ..Finding::new(rule, place, fault.message) }
}
