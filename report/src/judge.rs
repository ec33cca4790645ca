//! Evaluates a file: reads its documents, decides its workloads, and locates everything.

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_policy::{
    AllowlistSet, Decision, Judged, Judgement, Options, Role, Rule, Verdict, Workload, judge, manifests,
};
use hallpass_reader::{Document, Location};

use crate::allowlists::Installed;
use crate::change::{Change, combine};
use crate::differing::{first, part};
use crate::foreign::is_object;
use crate::located::{LineIndex, place, problem, read_problem, resolve, resolve_key};
use crate::pairing::Pairing;
use crate::problem::Problem;
use crate::report::{
    AllowlistPlace, Assumption, Compared, ContainerImage, Mismatch, Outcome, Place, Summary, Violation,
};
use crate::workloads::read_workloads;

/// Evaluates the workloads of a document.
pub trait Engine {
    /// Evaluates every workload of a document.
    ///
    /// # Errors
    /// The engine fails because of an internal error or a limit.
    fn judge(&self, document: &Value<'_>) -> Result<Judgement, Unjudged>;
}

/// The reason why an engine has failed, and what to do.
#[derive(Clone, Debug)]
pub struct Unjudged {
    /// The reason.
    pub message: String,
    /// The help line.
    pub help: &'static str,
}

impl Unjudged {
    /// Returns a problem of a file, or of the whole run if `file` is empty. It counts as an internal error, because no
    /// input should cause it.
    #[must_use]
    pub fn problem(self, file: &str) -> Problem {
        Problem::new(file, self.message).help(self.help).internal()
    }
}

/// The policy as native code, which never fails.
#[derive(Clone, Copy, Debug)]
pub struct Native<'e> {
    /// The installed allowlists.
    pub allowlists: &'e AllowlistSet<'e>,
    /// The other settings of the policy.
    pub options: Options<'e>,
}

impl Engine for Native<'_> {
    fn judge(&self, document: &Value<'_>) -> Result<Judgement, Unjudged> {
        Ok(judge(document, self.allowlists, &self.options))
    }
}

/// The settings for evaluating files.
pub struct Judge<'j, E> {
    /// The loaded allowlists, to point into their files.
    pub installed: &'j Installed<'j>,
    /// The engine.
    pub engine: E,
    /// Whether to keep the text around each location, for text output.
    pub snippets: bool,
}

/// The result for one file.
#[derive(Debug, Default)]
pub struct FileReport {
    /// The workloads.
    pub results: Vec<Outcome>,
    /// Input that could not be evaluated.
    pub errors: Vec<Problem>,
    /// Input that is probably not what its author intended.
    pub warnings: Vec<Problem>,
    /// Messages of the program that produced the file.
    pub notes: Vec<Problem>,
    /// The number of objects whose kind contains no Pods.
    pub skipped: usize,
    /// The file's name, if none of its documents is a Kubernetes object, and the user did not name the file.
    pub skipped_file: Option<String>,
    /// The number of valid allowlists that do not count as installed.
    pub not_installed: usize,
}

impl<E: Engine> Judge<'_, E> {
    /// Evaluates a file. If the user `named` the file, instead of a folder that contains it, an empty file causes a
    /// warning, and a file without Kubernetes objects an error.
    #[must_use]
    pub fn file(&self, name: &str, bytes: &[u8], named: bool) -> FileReport {
        let mut report = FileReport::default();
        let lines = LineIndex::new(bytes);
        let mut empty = true;
        // Documents that are not objects. They matter only if the file also contains an object.
        let mut foreign = Vec::new();
        let mut manifest = named;
        let mut documents = read_workloads(bytes);
        while let Some(document) = documents.next() {
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
                Err(error) => {
                    report.errors.push(read_problem(name, &error, &lines).of_template(documents.template()))
                }
            }
        }
        if foreign.iter().any(|document| !document.root().is_null()) {
            report.skipped_file = Some(name.to_owned());
        }
        // Charts render disabled templates to empty files, which do not matter among others.
        if empty && named {
            report.warnings.push(
                Problem::new(name, "the file is empty or contains only comments")
                    .help("if a chart rendered it, check the chart's values"),
            );
        }
        report
    }

    /// Evaluates one document of a file: an object, or a list of objects.
    #[must_use]
    pub fn one(&self, file: &str, document: &Document<'_>, lines: &LineIndex<'_>) -> FileReport {
        let mut report = FileReport::default();
        self.document(file, document, lines, &mut report);
        report
    }

    fn document(&self, file: &str, document: &Document<'_>, lines: &LineIndex<'_>, report: &mut FileReport) {
        let judgement = match self.engine.judge(document.root()) {
            Ok(judgement) => judgement,
            Err(unjudged) => {
                let place = resolve(document, "", Some(lines));
                report.errors.push(unjudged.problem(file).at(place, "").of_template(document.template()));
                return;
            }
        };
        let duplicates = document.duplicates().iter();
        report.warnings.extend(
            duplicates.map(|duplicate| read_problem(file, duplicate, lines).of_template(document.template())),
        );
        report.errors.extend(judgement.faults.iter().map(|fault| problem(file, fault, document, lines)));
        report.skipped += judgement.skipped;
        if judgement.skipped > 0 {
            let (found, _) = manifests(document.root());
            let allowlists = found.iter().filter(|found| found.role() == Ok(Role::Allowlist));
            let set = &self.installed.set;
            let is_loaded = |name| set.named(name).is_some();
            report.not_installed += allowlists.filter(|found| !found.name().is_some_and(is_loaded)).count();
        }
        let mut found = None;
        for judged in judgement.workloads {
            report.warnings.extend(judged.warnings.iter().map(|fault| problem(file, fault, document, lines)));
            // Only explanations and exceptions of denials need the workload again.
            let workload = (judged.decision.verdict == Verdict::Denied).then(|| {
                let found = found.get_or_insert_with(|| manifests(document.root()).0.into_iter());
                let manifest = found.find(|manifest| manifest.pointer == judged.path)?;
                Some(Workload::read(&manifest, judged.kind).ok()?.workload)
            });
            let outcome = self.outcome(file, document, judged, workload.flatten().as_ref(), lines);
            report.results.push(outcome);
        }
    }

    fn outcome(
        &self,
        file: &str,
        document: &Document<'_>,
        judged: Judged,
        workload: Option<&Workload<'_>>,
        lines: &LineIndex<'_>,
    ) -> Outcome {
        let decision = judged.decision;
        let compared = self.compared(&decision);
        let shown = self.snippets.then_some(lines);
        let in_key: BTreeSet<String> = decision
            .violations
            .iter()
            .filter(|violation| violation.in_key)
            .map(|violation| violation.path.clone())
            .collect();
        // A mismatch about a violation has the same location.
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
            exception: None,
        });
        let mismatches = decision.mismatches.into_iter().map(|mismatch| {
            let allowlist_path = mismatch.allowlist_path.as_deref();
            let found = allowlist_path
                .and_then(|path| self.installed.locate(&mismatch.allowlist, path, self.snippets));
            let (allowlist_file, allowlist_place) = found.unzip();
            let [ours, theirs] = self.differing_parts(document, lines, &mismatch);
            let source = self.installed.source(&mismatch.allowlist, "");
            let pairing = workload.zip(source.as_ref()).map(|(workload, (source, root))| Pairing {
                workload,
                document: &source.document,
                root,
            });
            let pitfall = pairing.as_ref().and_then(|pairing| pairing.pitfall(&mismatch));
            let meant = pitfall.as_ref().and_then(|pitfall| pitfall.meant.as_deref());
            let help = pairing.as_ref().and_then(|pairing| pairing.help(&mismatch, pitfall.as_ref()));
            let change = pairing.and_then(|pairing| pairing.change(&mismatch, meant));
            let mismatch = Mismatch {
                place: ours.unwrap_or_else(|| locate(&mismatch.path)),
                allowlist: mismatch.allowlist,
                considered: mismatch.considered,
                rule: mismatch.rule,
                path: mismatch.path,
                workload: mismatch.workload,
                expected: mismatch.expected,
                allowlist_file,
                allowlist_place: theirs.or(allowlist_place).map(AllowlistPlace::from).unwrap_or_default(),
                message: mismatch.message,
                help: help.unwrap_or(mismatch.help),
                pitfall: pitfall.map(|pitfall| pitfall.message),
                allowlist_change: None,
            };
            (mismatch, change)
        });
        let (mut mismatches, mut changes): (Vec<Mismatch>, Vec<Option<Change>>) = mismatches.unzip();
        let mut start = 0;
        for group in mismatches.chunk_by(|one, next| one.allowlist == next.allowlist) {
            let end = start + group.len();
            combine(changes.get_mut(start..end).unwrap_or_default());
            start = end;
        }
        for (mismatch, change) in mismatches.iter_mut().zip(changes) {
            mismatch.allowlist_change = change.map(Into::into);
        }
        // In file order, per allowlist.
        for group in mismatches.chunk_by_mut(|one, next| one.allowlist == next.allowlist) {
            group.sort_by_key(|mismatch| (mismatch.place.line, mismatch.place.column));
        }
        let assumptions = decision
            .assumptions
            .into_iter()
            .map(|assumption| Assumption { rule: assumption.rule, message: assumption.message });
        let images = |workload: &Workload<'_>| {
            let containers = workload.containers.iter().map(|container| ContainerImage {
                pointer: container.pointer(&workload.spec_pointer),
                repository: container.image.map(|image| image.path.to_owned()).unwrap_or_default(),
            });
            containers.collect()
        };
        Outcome {
            file: file.to_owned(),
            template: document.template().map(str::to_owned),
            variant: None,
            document: document.index(),
            line: document.locate(&judged.path).line,
            pointer: judged.path,
            kind: judged.kind.name(),
            namespace: judged.namespace,
            name: judged.name,
            verdict: decision.verdict,
            excepted: false,
            allowlist: decision.allowlist,
            no_connect: decision.no_connect,
            violations: violations.collect(),
            compared,
            mismatches,
            assumptions: assumptions.collect(),
            notes: decision.notes,
            containers: workload.map(images).unwrap_or_default(),
        }
    }

    fn compared(&self, decision: &Decision) -> Vec<Compared> {
        let mut violated: Vec<_> = decision.violations.iter().map(|violation| violation.constraint).collect();
        violated.dedup();
        let compared = decision.compared.iter().map(|compared| Compared {
            allowlist: compared.allowlist.clone(),
            considered: compared.considered,
            related: compared.related,
            mismatches: compared.mismatches,
            exempts: self.installed.set.named(&compared.allowlist).map_or_else(Vec::new, |allowlist| {
                violated.iter().filter(|id| allowlist.exempts_from(**id)).map(|id| id.id()).collect()
            }),
        });
        compared.collect()
    }

    /// Returns the location of the difference between two long strings, in the workload and in the allowlist.
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
        // Only commands and arguments can have several lines and are compared literally.
        matches!(mismatch.rule, Rule::M6 | Rule::M8).then(parts).flatten().unwrap_or_default()
    }
}

/// Returns the error for a run without workloads, with the objects that were found instead. `allow` is the option to accept
/// this.
pub fn nothing_to_judge(file: &str, found: &Summary, allow: &str) -> Problem {
    let message = match (found.skipped, found.skipped_files) {
        (0, 0) => "no workload was found".to_owned(),
        (0, 1) => "no workload was found: the only file contains no Kubernetes object".to_owned(),
        (0, files) => format!("no workload was found: the {files} files contain no Kubernetes object"),
        (1, _) => "no workload was found: the kind of the only object contains no Pods".to_owned(),
        (skipped, _) => {
            format!("no workload was found: the kinds of the {skipped} objects contain no Pods")
        }
    };
    Problem::new(file, message)
        .help(format!("pass manifests of workloads such as Pods or DaemonSets, or {allow}"))
}
