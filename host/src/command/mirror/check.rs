//! `--check`: evaluates the rewritten manifests.

use hallpass_author::mirror::unlisted;
use hallpass_policy::{Options, Profile};
use hallpass_report::{Installed, Judge, LineIndex, Native, Parsed, read_workloads};

use super::Rewritten;
use crate::exit::Exit;
use crate::output::pretty::{self, Detail};
use crate::output::{Report, exit, write_styled};

/// Prints the verdicts, and a warning for each image that no allowlist lists.
pub(super) fn check(rewritten: &[Rewritten<'_>], installed: &Installed<'_>, mut report: Report) -> Exit {
    let profile = Profile::autopilot();
    let options = Options::new(&profile);
    report.summary.not_evaluated = profile.not_evaluated().to_vec();
    let judge = Judge { installed, engine: Native { allowlists: &installed.set, options }, snippets: true };
    let mut is_listed = true;
    for Rewritten { file, text } in rewritten {
        let (name, named) = (file.source.input.name(), file.source.input.is_named());
        report.add(name, judge.file(name, text.as_bytes(), named));
        let lines = std::sync::Arc::new(LineIndex::new(text.as_bytes()));
        for document in read_workloads(text.as_bytes()).flatten() {
            let parsed = Parsed { file: name, document, lines: lines.clone() };
            let faults = unlisted(parsed.document.root(), &installed.set, &options);
            is_listed &= faults.is_empty();
            report.warnings.extend(faults.iter().map(|fault| parsed.problem(fault)));
        }
    }
    report.note_allowlists();
    report.summary.errors = report.errors.len();
    let exit = match exit(&report) {
        Exit::Success if !is_listed => Exit::Denied,
        exit => exit,
    };
    write_styled(&pretty::render(&report, Detail::Normal, pretty::width()), exit)
}
