//! Reads, evaluates and locates AllowlistSynchronizers. The JSON form is a contract: `schemas/status.schema.json`.

use std::collections::BTreeSet;

use hallpass_document::Diagnostic;
use hallpass_policy::{Manifest, manifests};
use hallpass_renderer::status::{Cause, Cluster, Finding, Judgement, State, Synchronizer, judge, removal};
use hallpass_report::{Parsed, place};
use serde::Serialize;

use crate::expected::Expected;
use crate::installed::is_allowlist;
use crate::output::{Place, Problem};

const API_VERSION: &str = "auto.gke.io/v1";
const GROUP: &str = "auto.gke.io";
const KIND: &str = "AllowlistSynchronizer";

/// The result of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusReport {
    schema_version: u32,
    pub(crate) synchronizers: Vec<Outcome>,
    /// Synchronizers that the fleet wants and that the cluster does not have.
    pub(crate) missing: Vec<Missing>,
    pub(crate) removed: Vec<Removed>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) summary: Summary,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) synchronizers: usize,
    pub(crate) ready: usize,
    pub(crate) waiting: usize,
    pub(crate) failed: usize,
    pub(crate) missing: usize,
    /// The number of objects of other kinds.
    pub(crate) skipped: usize,
    pub(crate) errors: usize,
}

/// One synchronizer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    pub(crate) file: String,
    pub(crate) document: usize,
    pub(crate) line: u32,
    pub(crate) name: String,
    pub(crate) state: State,
    pub(crate) generation: i64,
    pub(crate) last_sync_attempt: Option<String>,
    pub(crate) files: Vec<Listed>,
    pub(crate) findings: Vec<Located>,
    pub(crate) warnings: Vec<Located>,
}

/// A file in the status.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    pub(crate) file_path: String,
    pub(crate) wanted: bool,
    pub(crate) phase: String,
    pub(crate) last_successful_sync: Option<String>,
    pub(crate) last_error: Option<String>,
}

/// A finding with its location.
#[derive(Debug, Serialize)]
pub(crate) struct Located {
    pub(crate) cause: Cause,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) place: Place,
}

/// A missing synchronizer, with its location in the fleet.
#[derive(Debug, Serialize)]
pub(crate) struct Missing {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) problem: Problem,
}

/// An allowlist that should be gone.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Removed {
    pub(crate) path: String,
    pub(crate) allowlist: String,
    pub(crate) gone: bool,
    /// The input has the cluster's allowlists.
    pub(crate) looked_up: bool,
    pub(crate) remains: Vec<String>,
}

impl Default for StatusReport {
    fn default() -> Self {
        StatusReport {
            schema_version: 1,
            synchronizers: Vec::new(),
            missing: Vec::new(),
            removed: Vec::new(),
            errors: Vec::new(),
            summary: Summary::default(),
        }
    }
}

/// The subject of a check.
pub(crate) struct Question<'q> {
    pub(crate) cluster: Cluster<'q>,
    /// The fleet's expectations for the cluster, if a fleet is given.
    pub(crate) fleet: Option<&'q Expected<'q>>,
    /// Files whose allowlists should be gone.
    pub(crate) removed: &'q [String],
    /// Whether to keep the text around each location, for text output.
    pub(crate) snippets: bool,
}

impl StatusReport {
    /// Evaluates every synchronizer in the documents.
    pub(crate) fn judge(&mut self, documents: &[Parsed<'_>], question: &Question<'_>) {
        let mut synchronizers = Vec::new();
        let mut others = false;
        for source in documents {
            let (found, faults) = manifests(source.document.root());
            self.errors.extend(faults.iter().map(|fault| source.problem(fault)));
            for manifest in found {
                match synchronizer(&manifest) {
                    Ok(Some(synchronizer)) => {
                        let wanted = question.fleet.and_then(|fleet| fleet.wanted(synchronizer.name));
                        let judgement = judge(&synchronizer, wanted, &question.cluster);
                        self.add(outcome(source, &synchronizer, judgement, question.snippets));
                        synchronizers.push(synchronizer);
                    }
                    Ok(None) => {
                        others = true;
                        self.summary.skipped += usize::from(!is_allowlist(&manifest));
                    }
                    Err(faults) => self.errors.extend(faults.iter().map(|fault| source.problem(fault))),
                }
            }
        }
        // If every synchronizer was deleted, an empty list is the expected result; other objects mean that it is the
        // wrong file. The same applies to a fleet: its synchronizers are not installed yet, or it has none.
        let may_be_empty = !question.removed.is_empty() || question.fleet.is_some();
        let expected = may_be_empty && !others;
        if self.errors.is_empty() && synchronizers.is_empty() && !expected {
            let file = documents.first().map_or("", |source| source.file);
            self.errors.push(
                Problem::new(file, "no AllowlistSynchronizer was found")
                    .help("pass the output of `kubectl get allowlistsynchronizer -o yaml`"),
            );
        }
        if let Some(fleet) = question.fleet {
            let found: Vec<&str> = synchronizers.iter().map(|synchronizer| synchronizer.name).collect();
            self.missing = fleet.missing(&found);
            self.summary.missing = self.missing.len();
        }
        let none = BTreeSet::new();
        let allowlists = question.cluster.allowlists.unwrap_or(&none);
        for path in question.removed {
            let mut removal = removal(path, &synchronizers, allowlists);
            if !self.errors.is_empty() {
                removal.remains.push("not all of the input could be evaluated".to_owned());
            }
            let gone = removal.remains.is_empty();
            self.removed.push(Removed {
                path: removal.path,
                allowlist: removal.allowlist,
                gone,
                looked_up: question.cluster.allowlists.is_some(),
                remains: removal.remains,
            });
        }
    }

    /// The report of a run that could not start.
    pub(crate) fn invalid(errors: Vec<Problem>) -> Self {
        StatusReport { errors, ..StatusReport::default() }
    }

    fn add(&mut self, outcome: Outcome) {
        self.summary.synchronizers += 1;
        match outcome.state {
            State::Ready => self.summary.ready += 1,
            State::Waiting => self.summary.waiting += 1,
            State::Failed => self.summary.failed += 1,
        }
        self.synchronizers.push(outcome);
    }
}

/// Converts a manifest to a synchronizer; `None` if it is of another kind.
fn synchronizer<'v>(manifest: &Manifest<'v>) -> Result<Option<Synchronizer<'v>>, Vec<Diagnostic>> {
    if manifest.group != GROUP || !manifest.kind.eq_ignore_ascii_case(KIND) {
        return Ok(None);
    }
    let typo = |field: &str, message: String, right: &str| {
        let path = format!("{}/{field}", manifest.pointer);
        Err(vec![Diagnostic::new(path, message).help(format!("did you mean `{right}`?"))])
    };
    if manifest.kind != KIND {
        return typo("kind", format!("no kind is named `{}`", manifest.kind), KIND);
    }
    match manifest.api_version {
        Some(version) if version != API_VERSION => {
            typo("apiVersion", format!("`{version}` has no kind `{KIND}`"), API_VERSION)
        }
        _ => Synchronizer::read(manifest).map(Some),
    }
}

fn outcome(
    source: &Parsed<'_>,
    synchronizer: &Synchronizer<'_>,
    judgement: Judgement<'_>,
    snippets: bool,
) -> Outcome {
    let document = &source.document;
    let lines = snippets.then_some(&*source.lines);
    let locate = |finding: Finding| Located {
        cause: finding.cause,
        message: finding.message,
        help: finding.help,
        place: place(&document.locate(&finding.pointer), lines),
        path: finding.pointer,
    };
    let files = judgement.files.into_iter().map(|(file, wanted)| Listed {
        file_path: file.file_path.to_owned(),
        wanted,
        phase: file.phase.to_owned(),
        last_successful_sync: file.last_successful_sync.map(str::to_owned),
        last_error: file.last_error.map(str::to_owned),
    });
    Outcome {
        file: source.file.to_owned(),
        document: document.index(),
        line: document.locate(&synchronizer.pointer).line,
        name: synchronizer.name.to_owned(),
        state: judgement.state,
        generation: synchronizer.generation,
        last_sync_attempt: synchronizer.last_sync_attempt.map(str::to_owned),
        files: files.collect(),
        findings: judgement.findings.into_iter().map(locate).collect(),
        warnings: judgement.warnings.into_iter().map(locate).collect(),
    }
}
