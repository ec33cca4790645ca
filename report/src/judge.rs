//! One file: its documents read, its workloads decided, everything located.

use hallpass_policy::{AllowlistSet, Judged, Judgement, Options, Rule, Value, judge};
use hallpass_reader::{Document, Location};

use crate::allowlists::Installed;
use crate::difference::{first, part};
use crate::located::{LineIndex, place, problem, read_problem, resolve};
use crate::report::{AllowlistPlace, Assumption, Mismatch, Outcome, Place, Problem, Violation};

/// What judges the workloads of a document.
pub trait Engine {
    /// Judges every workload of a document.
    ///
    /// # Errors
    /// When it has no judgement: a fault of hallpass, or a limit.
    fn judge(&self, document: &Value<'_>) -> Result<Judgement, Unjudged>;
}

/// Why an engine has no judgement, and what to do then.
#[derive(Clone, Debug)]
pub struct Unjudged {
    /// Why.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

impl Unjudged {
    /// Of a file, or of the whole run when `file` is empty. It counts as a fault of hallpass, whatever is in the file: no input
    /// should do this.
    #[must_use]
    pub fn problem(self, file: &str) -> Problem {
        Problem::new(file, self.message).help(self.help).internal()
    }
}

/// The policy as this program's own code: it always has a judgement.
#[derive(Clone, Copy, Debug)]
pub struct Native<'e> {
    /// The installed allowlists.
    pub allowlists: &'e AllowlistSet<'e>,
    /// What else to judge by.
    pub options: Options<'e>,
}

impl Engine for Native<'_> {
    fn judge(&self, document: &Value<'_>) -> Result<Judgement, Unjudged> {
        Ok(judge(document, self.allowlists, &self.options))
    }
}

/// What to judge by.
pub struct Judge<'j, E> {
    /// The allowlists that the engine has, to point into their files.
    pub installed: &'j Installed<'j>,
    /// What judges.
    pub engine: E,
    /// Keep the text around each place: only people want to see it.
    pub snippets: bool,
}

/// What came of one file.
#[derive(Debug, Default)]
pub struct FileReport {
    /// Its workloads.
    pub results: Vec<Outcome>,
    /// What of it could not be judged.
    pub errors: Vec<Problem>,
    /// What of it probably does not say what its author meant.
    pub warnings: Vec<Problem>,
    /// How many objects are of kinds that hold no Pods.
    pub skipped: usize,
}

impl<E: Engine> Judge<'_, E> {
    /// Judges a file. An empty one is worth a warning if somebody `named` it, rather than a folder that holds it.
    #[must_use]
    pub fn file(&self, name: &str, bytes: &[u8], named: bool) -> FileReport {
        let mut report = FileReport::default();
        let lines = LineIndex::new(bytes);
        let mut empty = true;
        for document in hallpass_reader::read(bytes) {
            empty = false;
            match document {
                Ok(document) => self.document(name, &document, &lines, &mut report),
                Err(error) => report.errors.push(read_problem(name, &error, &lines)),
            }
        }
        // Charts render switched-off parts to files like this: among others they are nothing to speak of.
        if empty && named {
            report.warnings.push(
                Problem::new(name, "nothing in it: empty, or comments only")
                    .help("if a chart made it, check the chart's values"),
            );
        }
        report
    }

    fn document(&self, file: &str, document: &Document<'_>, lines: &LineIndex<'_>, report: &mut FileReport) {
        let judgement = match self.engine.judge(document.root()) {
            Ok(judgement) => judgement,
            Err(unjudged) => {
                let place = resolve(document, "", Some(lines));
                report.errors.push(unjudged.problem(file).at(place, ""));
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
        let shown = self.snippets.then_some(lines);
        let locate = |pointer: &str| resolve(document, pointer, shown);
        let violations = decision.violations.into_iter().map(|violation| Violation {
            constraint: violation.constraint.id(),
            exemptible: violation.constraint.is_exemptible(),
            message: violation.message,
            place: locate(&violation.path),
            path: violation.path,
        });
        let mismatches = decision.mismatches.into_iter().map(|mismatch| {
            let allowlist_path = mismatch.allowlist_path.as_deref();
            let found = allowlist_path
                .and_then(|path| self.installed.locate(&mismatch.allowlist, path, self.snippets));
            let (allowlist_file, allowlist_place) = found.unzip();
            let [ours, theirs] = self.differing_parts(document, lines, &mismatch);
            Mismatch {
                place: ours.unwrap_or_else(|| locate(&mismatch.path)),
                allowlist: mismatch.allowlist,
                considered: mismatch.considered,
                rule: mismatch.rule.to_string(),
                path: mismatch.path,
                workload: mismatch.workload,
                expected: mismatch.expected,
                allowlist_file,
                allowlist_place: theirs.or(allowlist_place).map(AllowlistPlace::from).unwrap_or_default(),
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
    /// Where two long strings differ, rather than where they begin: in the workload, and in the allowlist.
    fn differing_parts(
        &self,
        document: &Document<'_>,
        lines: &LineIndex<'_>,
        mismatch: &hallpass_policy::Mismatch,
    ) -> [Option<Place>; 2] {
        let shown = |part: Option<Location<'_>>, lines| Some(place(&part?, self.snippets.then_some(lines)));
        let parts = || {
            let (source, pointer) =
                self.installed.source(&mismatch.allowlist, mismatch.allowlist_path.as_deref()?)?;
            let ours = document.get(&mismatch.path)?.as_str()?;
            let theirs = source.document.get(&pointer)?.as_str()?;
            let [in_ours, in_theirs] = first(ours, theirs)?;
            Some([
                shown(part(lines, document.locate(&mismatch.path), ours, &in_ours), lines),
                shown(
                    part(&source.lines, source.document.locate(&pointer), theirs, &in_theirs),
                    &source.lines,
                ),
            ])
        };
        // Only commands and arguments go over lines, and are compared as they stand.
        matches!(mismatch.rule, Rule::M6 | Rule::M8).then(parts).flatten().unwrap_or_default()
    }
}

/// Says that a run found no workload, in files that have so many objects of other kinds. `allow` is how to ask for that.
#[must_use]
pub fn nothing_to_judge(file: &str, skipped: usize, allow: &str) -> Problem {
    let message = match skipped {
        0 => "no workload found: nothing was judged".to_owned(),
        1 => "no workload found: the one object there is of a kind that holds no Pods".to_owned(),
        _ => format!("no workload found: the {skipped} objects there are of kinds that hold no Pods"),
    };
    Problem::new(file, message).help(format!("name manifests of Pods, DaemonSets and the like, or {allow}"))
}
