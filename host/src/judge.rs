//! One file: its documents read, its workloads decided, everything located.

use hallpass::engine::Failure;
use hallpass_policy::Judged;
use hallpass_reader::Document;

use crate::allowlists::Installed;
use crate::engines::Engine;
use crate::input::Input;
use crate::located::{LineIndex, problem, read_problem, resolve};
use crate::report::{Assumption, Mismatch, Outcome, Problem, Violation};

/// What to judge by.
pub(crate) struct Judge<'j> {
    pub(crate) installed: &'j Installed<'j>,
    pub(crate) engine: Engine<'j>,
    /// Keep the text around each place: only people want to see it.
    pub(crate) snippets: bool,
}

/// What came of one file.
#[derive(Debug, Default)]
pub(crate) struct FileReport {
    pub(crate) results: Vec<Outcome>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) skipped: usize,
}

impl Judge<'_> {
    pub(crate) fn file(&self, input: &Input) -> FileReport {
        let mut report = FileReport::default();
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(problem) => {
                report.errors.push(problem);
                return report;
            }
        };
        let lines = LineIndex::new(&bytes);
        let mut empty = true;
        for document in hallpass_reader::read(&bytes) {
            empty = false;
            match document {
                Ok(document) => self.document(input.name(), &document, &lines, &mut report),
                Err(error) => report.errors.push(read_problem(input.name(), &error, &lines)),
            }
        }
        // Charts render switched-off parts to files like this: among others they are nothing to speak of.
        if empty && input.is_named() {
            report.warnings.push(
                Problem::new(input.name(), "nothing in it: empty, or comments only")
                    .help("if a chart made it, check the chart's values"),
            );
        }
        report
    }

    fn document(&self, file: &str, document: &Document<'_>, lines: &LineIndex<'_>, report: &mut FileReport) {
        let judgement = match self.engine.judge(document.root()) {
            Ok(judgement) => judgement,
            Err(failure) => {
                let place = resolve(document, "", Some(lines));
                report.errors.push(unjudged(file, &failure).at(place, ""));
                return;
            }
        };
        report.errors.extend(judgement.faults.iter().map(|fault| problem(file, fault, document, lines)));
        report.skipped += judgement.skipped;
        for judged in judgement.workloads {
            report.warnings.extend(judged.warnings.iter().map(|fault| problem(file, fault, document, lines)));
            report.results.push(self.outcome(file, document, judged, lines));
        }
    }

    fn outcome(&self, file: &str, document: &Document<'_>, judged: Judged, lines: &LineIndex<'_>) -> Outcome {
        let decision = judged.decision;
        let lines = self.snippets.then_some(lines);
        let locate = |pointer: &str| resolve(document, pointer, lines);
        let violations = decision.violations.into_iter().map(|violation| Violation {
            constraint: violation.constraint.id(),
            exemptible: violation.constraint.is_exemptible(),
            message: violation.message,
            place: locate(&violation.path),
            path: violation.path,
        });
        let mismatches = decision.mismatches.into_iter().map(|mismatch| {
            let allowlist_place = mismatch.allowlist_path.as_deref();
            let found = allowlist_place
                .and_then(|path| self.installed.locate(&mismatch.allowlist, path, self.snippets));
            let (allowlist_file, allowlist_place) = found.unzip();
            Mismatch {
                place: locate(&mismatch.path),
                allowlist: mismatch.allowlist,
                considered: mismatch.considered,
                rule: mismatch.rule.to_string(),
                path: mismatch.path,
                workload: mismatch.workload,
                expected: mismatch.expected,
                allowlist_file,
                allowlist_place,
                message: mismatch.message,
                help: mismatch.help,
            }
        });
        let mut mismatches: Vec<Mismatch> = mismatches.collect();
        // In the order of the file, allowlist by allowlist.
        for group in mismatches.chunk_by_mut(|one, next| one.allowlist == next.allowlist) {
            group.sort_by_key(|mismatch| (mismatch.place.line, mismatch.place.column));
        }
        let assumptions = decision
            .assumptions
            .into_iter()
            .map(|assumption| Assumption { rule: assumption.rule.to_string(), message: assumption.message });
        Outcome {
            file: file.to_owned(),
            document: document.index(),
            line: document.locate(&judged.path).line,
            kind: judged.kind.name(),
            namespace: judged.namespace,
            name: judged.name,
            verdict: decision.verdict,
            allowlist: decision.allowlist,
            no_connect: decision.no_connect,
            violations: violations.collect(),
            mismatches,
            assumptions: assumptions.collect(),
            notes: decision.notes,
        }
    }
}

/// What an engine could not judge. It counts as a fault of hallpass, whatever is in the file: no input should do this.
pub(crate) fn unjudged(file: &str, failure: &Failure) -> Problem {
    let help = match failure {
        Failure::OutOfTime(_) | Failure::OutOfMemory(_) => {
            "split the document, or judge it with `--engine native`, which has no such limit"
        }
        Failure::Unavailable(_) => "`--engine native` judges without it",
        Failure::Trapped(_) | Failure::Refused { .. } | Failure::Garbled(_) => {
            "this is a fault of hallpass: please report it with the file; `--engine native` may judge it meanwhile"
        }
    };
    Problem::new(file, failure.to_string()).help(help).internal()
}
