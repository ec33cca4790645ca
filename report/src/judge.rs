//! One file: its documents read, its workloads decided, everything located.

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Judged, Judgement, Options, Rule, judge};
use hallpass_reader::{Document, Location};

use crate::allowlists::Installed;
use crate::difference::{first, part};
use crate::foreign::is_object;
use crate::located::{LineIndex, place, problem, read_problem, resolve, resolve_key};
use crate::report::{AllowlistPlace, Assumption, Mismatch, Outcome, Place, Problem, Summary, Violation};
use crate::workloads::read_workloads;

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
    /// The file's name, if none of its documents is a Kubernetes object, and nobody said that it holds one.
    pub skipped_file: Option<String>,
}

impl<E: Engine> Judge<'_, E> {
    /// Judges a file. If somebody `named` it, rather than a folder that holds it, an empty one is worth a warning, and one
    /// without Kubernetes objects is an error.
    #[must_use]
    pub fn file(&self, name: &str, bytes: &[u8], named: bool) -> FileReport {
        let mut report = FileReport::default();
        let lines = LineIndex::new(bytes);
        let mut empty = true;
        // Documents that are no objects, for as long as nothing else in the file is one.
        let mut foreign = Vec::new();
        let mut manifest = named;
        for document in read_workloads(bytes) {
            empty = false;
            manifest |= document.as_ref().map_or(true, |document| is_object(document.root()));
            if manifest {
                for earlier in foreign.drain(..) {
                    self.document(name, &earlier, &lines, &mut report);
                }
            }
            match document {
                Ok(document) if manifest => self.document(name, &document, &lines, &mut report),
                Ok(document) => foreign.push(document),
                Err(error) => report.errors.push(read_problem(name, &error, &lines)),
            }
        }
        if foreign.iter().any(|document| !document.root().is_null()) {
            report.skipped_file = Some(name.to_owned());
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
        let duplicates = document.duplicates().iter();
        report.warnings.extend(duplicates.map(|duplicate| read_problem(file, duplicate, lines)));
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
        let in_key: BTreeSet<String> = decision
            .violations
            .iter()
            .filter(|violation| violation.in_key)
            .map(|violation| violation.path.clone())
            .collect();
        // What a mismatch says of a violation is said of the same place.
        let locate = |pointer: &str| match in_key.contains(pointer) {
            true => resolve_key(document, pointer, shown),
            false => resolve(document, pointer, shown),
        };
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

/// Says that a run found no workload, and what it found instead. `allow` is how to ask for that.
#[must_use]
pub fn nothing_to_judge(file: &str, found: &Summary, allow: &str) -> Problem {
    let message = match (found.skipped, found.skipped_files) {
        (0, 0) => "no workload found: nothing was judged".to_owned(),
        (0, 1) => "no workload found: the one file there is holds no Kubernetes object".to_owned(),
        (0, files) => format!("no workload found: the {files} files there are hold no Kubernetes object"),
        (1, _) => "no workload found: the one object there is of a kind that holds no Pods".to_owned(),
        (skipped, _) => {
            format!("no workload found: the {skipped} objects there are of kinds that hold no Pods")
        }
    };
    Problem::new(file, message).help(format!("name manifests of Pods, DaemonSets and the like, or {allow}"))
}
