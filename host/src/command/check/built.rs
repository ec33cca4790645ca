//! Evaluates a chart or a kustomization.

use hallpass_report::{Engine, FileReport, Judge};

use crate::input::{Build, Caller};

/// Builds and evaluates a root with this name. A build without a manifest is an error, unless `allow_empty`.
pub(super) fn built(
    judge: &Judge<'_, impl Engine>,
    name: &str,
    build: &Build,
    allow_empty: bool,
) -> FileReport {
    let mut report = match build.render(Caller::Check) {
        Ok(printed) if printed.is_empty() && !allow_empty => {
            FileReport { errors: vec![build.nothing(name)], notes: printed.notes, ..FileReport::default() }
        }
        Ok(printed) => FileReport { notes: printed.notes, ..judge.file(name, &printed.bytes, true) },
        Err(problem) => FileReport { errors: vec![*problem], ..FileReport::default() },
    };
    build.label(&mut report);
    report
}
