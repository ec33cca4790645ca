//! The result of `hallpass render`, independent of the format. The JSON form is a contract:
//! `schemas/render.schema.json`.

use std::path::Path;

use hallpass_document::Diagnostic;
use hallpass_renderer::Addition;
use hallpass_renderer::tree::{Action, Differences, LINE_ENDS, Written};
use serde::Serialize;

use crate::exit::Exit;
use crate::output::Problem;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TreeReport {
    schema_version: u32,
    pub(crate) out: String,
    /// Nothing was written: `changes` lists what a run would change.
    pub(crate) check: bool,
    /// The folder contains the tree.
    pub(crate) up_to_date: bool,
    /// An earlier run was interrupted. A run completes the tree; a check does not.
    pub(crate) interrupted: bool,
    pub(crate) changes: Vec<Change>,
    /// Lines for objects that hallpass does not render.
    pub(crate) additions: Vec<Addition>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) summary: Summary,
}

/// A file that a run changed or would change.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    pub(crate) path: String,
    #[serde(serialize_with = "action_name")]
    pub(crate) action: Action,
    pub(crate) line_ends_only: bool,
    /// A unified diff, if `check` is true.
    pub(crate) diff: Option<String>,
    /// The reason why a run would refuse the change.
    pub(crate) clash: Option<Problem>,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) create: usize,
    pub(crate) replace: usize,
    pub(crate) remove: usize,
    pub(crate) unchanged: usize,
    pub(crate) errors: usize,
}

fn action_name<S: serde::Serializer>(action: &Action, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match action {
        Action::Create => "create",
        Action::Replace => "replace",
        Action::Remove => "remove",
    })
}

impl TreeReport {
    pub(crate) fn of_write(out: &Path, result: Result<Written, Vec<Diagnostic>>) -> Self {
        match result {
            Err(faults) => TreeReport::failed(out, false, &faults),
            Ok(written) => {
                let change =
                    |(path, action)| Change { path, action, line_ends_only: false, diff: None, clash: None };
                let changes = written.changes.into_iter().map(change).collect();
                TreeReport {
                    up_to_date: true,
                    interrupted: written.interrupted,
                    ..TreeReport::new(out, false, changes, written.unchanged)
                }
            }
        }
    }

    pub(crate) fn of_check(out: &Path, result: Result<Differences, Vec<Diagnostic>>) -> Self {
        let differences = match result {
            Err(faults) => return TreeReport::failed(out, true, &faults),
            Ok(differences) => differences,
        };
        let (up_to_date, interrupted) = (!differences.out_of_date(), differences.interrupted);
        let changes = differences.changes.into_iter().map(|change| Change {
            path: change.path,
            action: change.action,
            line_ends_only: change.line_ends_only,
            diff: Some(change.diff),
            clash: change.clash.map(|clash| problem(out, &clash)),
        });
        let mut report = TreeReport {
            up_to_date,
            interrupted,
            ..TreeReport::new(out, true, changes.collect(), differences.unchanged)
        };
        // A run would report them, and change nothing.
        report.errors.extend(report.changes.iter().filter_map(|change| change.clash.clone()));
        report.summary.errors = report.errors.len();
        if interrupted {
            let message = "a run was interrupted, or is still active: the folder may be incomplete";
            report
                .warnings
                .push(Problem::new(&report.out, message).help("run `hallpass render` to complete the tree"));
        }
        if report.changes.iter().any(|change| change.line_ends_only) {
            let message = "some files differ only in their line endings (CRLF)";
            report.warnings.push(Problem::new(&report.out, message).help(LINE_ENDS));
        }
        report
    }

    fn new(out: &Path, check: bool, changes: Vec<Change>, unchanged: usize) -> Self {
        let count = |action| changes.iter().filter(|change| change.action == action).count();
        TreeReport {
            schema_version: 1,
            out: out.display().to_string(),
            check,
            up_to_date: false,
            interrupted: false,
            additions: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            summary: Summary {
                create: count(Action::Create),
                replace: count(Action::Replace),
                remove: count(Action::Remove),
                unchanged,
                errors: 0,
            },
            changes,
        }
    }

    fn failed(out: &Path, check: bool, faults: &[Diagnostic]) -> Self {
        TreeReport::invalid(out, check, faults.iter().map(|fault| problem(out, fault)).collect())
    }

    /// The report of a run that could not start.
    pub(crate) fn invalid(out: &Path, check: bool, errors: Vec<Problem>) -> Self {
        let mut report = TreeReport::new(out, check, Vec::new(), 0);
        report.summary.errors = errors.len();
        report.errors = errors;
        report
    }

    pub(crate) fn exit(&self) -> Exit {
        if !self.errors.is_empty() {
            Exit::Input
        } else if self.up_to_date {
            Exit::Success
        } else {
            Exit::Denied
        }
    }
}

fn problem(out: &Path, fault: &Diagnostic) -> Problem {
    // Joining an empty path would add a `/`.
    let file = if fault.file.is_empty() { out.to_path_buf() } else { out.join(&fault.file) };
    let mut problem = Problem::new(&file.display().to_string(), &fault.message);
    if let Some(position) = fault.position {
        problem.line = Some(position.line);
        problem.column = Some(position.column);
    }
    match &fault.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}
