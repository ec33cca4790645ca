//! `hallpass test`: runs test files, and prints the results.

mod findings;

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;

use crate::cli::Test;
use crate::exit::Exit;
use crate::input::{self, Purpose};
use crate::output::destination::Format;
use crate::output::findings::Printed;
use crate::output::pretty::{self, Detail};
use crate::output::{Problem, file};
use crate::reads::Reads;
use crate::testing::{self, How, TestFile, TestReport, evaluate, find, is_below, plan, update};

pub(crate) fn run(arguments: &Test) -> Exit {
    if arguments.paths.iter().any(|path| path == Path::new("-")) {
        let message =
            "test files cannot be read from stdin, because the paths in them are relative to the file";
        return super::usage("test", ErrorKind::InvalidValue, message);
    }
    let conflict = || arguments.update.then(|| file::irreplaceable("--update", &arguments.paths)).flatten();
    if let Some(message) = arguments.outputs.conflict().or_else(conflict) {
        return super::usage("test", ErrorKind::ArgumentConflict, &message);
    }
    let detail = Detail::of(arguments.quiet, arguments.verbose);
    let print = |mut report: TestReport<'_>| {
        let exit = report.finish();
        let pretty = |width| pretty::test::render(&report, detail, width);
        arguments.outputs.write(&Printed { report: &report, pretty: &pretty, findings: findings::of }, exit)
    };
    let result = if arguments.update {
        let updates = tested(arguments, |files, mut report| {
            let updates = update(files, &report);
            if updates.wrote_nothing() {
                report.mark(updates);
                return Err(print(report));
            }
            Ok(updates)
        });
        updates.and_then(|updates| {
            // The report describes the files as they are now.
            tested(arguments, |_, mut report| {
                report.mark(updates);
                Ok(print(report))
            })
        })
    } else {
        tested(arguments, |_, report| Ok(print(report)))
    };
    result.unwrap_or_else(|exit| exit)
}

/// Runs the tests, and passes the files and the report to a function. The error is the exit code of a run that ends early.
fn tested<T>(
    arguments: &Test,
    then: impl FnOnce(&[TestFile<'_>], TestReport<'_>) -> Result<T, Exit>,
) -> Result<T, Exit> {
    let mut errors = Vec::new();
    let selected = input::select(&arguments.paths, Purpose::Files);
    errors.extend(selected.errors.iter().cloned());
    let mut sources = Vec::new();
    for input in &selected.inputs {
        match input.read() {
            Ok(bytes) => sources.push((input, bytes)),
            Err(problem) => errors.push(*problem),
        }
    }
    let mut files = Vec::new();
    let mut tested: Vec<&str> = errors.iter().map(|error| error.file.as_str()).collect();
    let mut invalid = Vec::new();
    for (input, bytes) in &sources {
        let file = match input.is_named() {
            true => Some(TestFile::read(input.name(), bytes, arguments.update)),
            false => find(input.name(), bytes, arguments.update),
        };
        tested.extend(file.as_ref().map(|_| input.name()));
        match file {
            Some(Ok(file)) => files.push(file),
            Some(Err(problems)) => invalid.extend(problems),
            None => {}
        }
    }
    let given = || {
        let mut reads = Reads::default();
        reads.selected(&selected);
        files.iter().for_each(|file| testing::reads::add(file, &mut reads));
        reads
    };
    if let Some(message) = arguments.outputs.overwrite(given) {
        return Err(super::usage("test", ErrorKind::ArgumentConflict, &message));
    }
    errors.extend(without_tests(&arguments.paths, &tested));
    errors.extend(invalid);

    let plan = plan(&files);
    let how = How { engine: arguments.engine, snippets: arguments.outputs.include(Format::Pretty) };
    let evaluated = evaluate(&plan, &files, how);
    let mut report = TestReport::new(&files, &plan, &evaluated);
    report.errors.splice(0..0, errors);
    then(&files, report)
}

/// Returns an error for each folder without a test file: a run that tests nothing must not pass.
fn without_tests(paths: &[PathBuf], tested: &[&str]) -> Vec<Problem> {
    // A path that is not UTF-8 has an error already.
    let folders = paths.iter().filter(|path| path.to_str().is_some() && path.is_dir());
    let without_test = folders.filter(|folder| !tested.iter().any(|file| is_below(file, folder)));
    let help = "a test file has `apiVersion: hallpass.dev/v1alpha1` and `kind: Test`, and its name ends in .yaml, .yml \
                or .json";
    let problem = |folder: &PathBuf| {
        Problem::new(&folder.display().to_string(), "the folder contains no test file").help(help)
    };
    without_test.map(problem).collect()
}
