//! `hallpass diff`: the things that workloads may do under one version of an allowlist and not under another.

mod findings;
mod workloads;

use std::path::PathBuf;

use clap::error::ErrorKind;
use hallpass_report::difference::DifferenceReport;

use crate::allowlists;
use crate::cli::Diff;
use crate::exit::Exit;
use crate::git;
use crate::input::{self, Purpose};
use crate::output::findings::Printed;
use crate::output::{Report, pretty};
use crate::reads::{Reads, stdin_twice};

/// The files of one side, by name.
type Files = Vec<(String, Vec<u8>)>;

pub(crate) fn run(arguments: &Diff) -> Exit {
    if let Some(message) = conflict(arguments) {
        return super::usage("diff", ErrorKind::WrongNumberOfValues, &message);
    }
    if let Some(message) = arguments.outputs.conflict() {
        return super::usage("diff", ErrorKind::ArgumentConflict, &message);
    }
    if arguments.verdicts.workloads {
        return workloads::run(arguments);
    }
    if let Some(option) = arguments.verdicts.charts.option() {
        let message = format!("`{option}` needs `--workloads`: only charts have values");
        return super::usage("diff", ErrorKind::MissingRequiredArgument, &message);
    }
    if let Some(message) = stdin_twice(&arguments.paths) {
        return super::usage("diff", ErrorKind::ArgumentConflict, message);
    }
    let given = || {
        let mut reads = Reads::default();
        reads.paths(&arguments.paths, Purpose::Files);
        reads
    };
    if let Some(message) = arguments.outputs.overwrite(given) {
        return super::usage("diff", ErrorKind::ArgumentConflict, &message);
    }
    let mut problems = Report::default();
    let report = match sides(arguments, &mut problems) {
        Some(sides) => compared(arguments, &sides),
        None => DifferenceReport::invalid(problems.errors),
    };
    let exit = Exit::of(&report.errors, report.summary.wider > report.summary.allowed);
    let pretty = |width| pretty::difference::render(&report, arguments.quiet, width);
    arguments.outputs.write(&Printed { report: &report, pretty: &pretty, findings: findings::of }, exit)
}

/// Checks the number of paths. Without `--git`, two paths are the two sides; with it, each path has both sides.
fn conflict(arguments: &Diff) -> Option<String> {
    let kinds = match arguments.verdicts.workloads {
        true => "files, folders, charts or kustomizations",
        false => "files or folders",
    };
    match (&arguments.git, arguments.paths.as_slice()) {
        (None, [_, _]) | (Some(_), [_, ..]) => None,
        (None, _) => Some(format!("name the old version and the new one, two {kinds}")),
        (Some(_), []) => Some(format!("name the {kinds} to compare with the revision")),
    }
}

/// Reads the files of both sides; `None` if one of them cannot be read.
fn sides(arguments: &Diff, report: &mut Report) -> Option<[Files; 2]> {
    let sides = match &arguments.git {
        None => match arguments.paths.as_slice() {
            [old, new] => {
                [std::slice::from_ref(old), std::slice::from_ref(new)].map(|paths| read(paths, report))
            }
            _ => return None,
        },
        Some(revisions) => {
            let (old, new) = range(revisions);
            let old = revision(old, &arguments.paths, report);
            let new = match new {
                Some(new) => revision(new, &arguments.paths, report),
                None => read(&arguments.paths, report),
            };
            [old, new]
        }
    };
    report.errors.is_empty().then_some(sides)
}

/// Returns the old revision and the new one; `None` is the working directory.
fn range(revisions: &str) -> (&str, Option<&str>) {
    match revisions.split_once("..") {
        Some((old, new)) => (or_head(old), Some(or_head(new))),
        None => (revisions, None),
    }
}

/// Returns `HEAD` for an empty name, as Git does.
fn or_head(name: &str) -> &str {
    if name.is_empty() { "HEAD" } else { name }
}

fn read(paths: &[PathBuf], report: &mut Report) -> Files {
    let inputs = input::select(paths, Purpose::Files).inputs(&mut report.errors);
    allowlists::read(&inputs, report).into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}

fn revision(name: &str, paths: &[PathBuf], report: &mut Report) -> Files {
    let mut files = Files::new();
    for path in paths {
        match git::manifests_at(name, path) {
            Ok(found) => files.extend(found),
            Err(problem) => report.errors.push(*problem),
        }
    }
    files.retain(|(_, bytes)| !hallpass_report::is_foreign(bytes));
    files
}

fn compared(arguments: &Diff, [old, new]: &[Files; 2]) -> DifferenceReport {
    let [old, new] =
        [old, new].map(|files| files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    DifferenceReport::between(old, new, &arguments.allow)
}
