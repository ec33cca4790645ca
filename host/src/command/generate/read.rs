//! Reads the workloads to admit.

use std::path::Path;
use std::sync::Arc;

use hallpass_policy::{
    AllowlistSet, Options, Profile, Role, Violation, Workload, WorkloadKind, decide, manifests,
};
use hallpass_report::{LineIndex, Parsed, read_problem, read_workloads};

use super::Failure;
use crate::chart_runs::RunsError;
use crate::cli::Generate;
use crate::input::{self, Caller, Cluster, Input};
use crate::output::Problem;

/// The text of an input.
pub(super) struct Text {
    name: String,
    /// The values file of the chart, if there are several.
    variant: Option<String>,
    bytes: Vec<u8>,
}

/// A document and the text that contains it.
pub(super) struct Source<'t> {
    text: &'t Text,
    parsed: Parsed<'t>,
}

/// A workload, and the constraints from which it must be exempted.
pub(super) struct Needed<'s> {
    pub(super) source: &'s Parsed<'s>,
    pub(super) workload: Workload<'s>,
    pub(super) violations: Vec<Violation>,
    kind: WorkloadKind,
    variant: Option<&'s str>,
}

impl Needed<'_> {
    /// `DaemonSet acme/agent (chart:12, with values/prod.yaml)`
    pub(super) fn title(&self) -> String {
        let namespace = self.workload.namespace.as_ref().map(|namespace| format!("{}/", namespace.name));
        let with = self.variant.map(|variant| format!(", with {variant}")).unwrap_or_default();
        let name = self.workload.name.unwrap_or("(no name)");
        let line = self.source.document.locate(&self.workload.pointer).line;
        let place = format!("{}:{line}{with}", self.source.file);
        format!("{} {}{name} ({place})", self.kind.name(), namespace.unwrap_or_default())
    }
}

/// Reads the inputs, and renders charts and kustomizations.
pub(super) fn texts(arguments: &Generate) -> Result<Vec<Text>, RunsError> {
    let cluster = Cluster {
        version: arguments.gke_version,
        has_allowlists: arguments.profile != Path::new("kubernetes"),
    };
    let runs = arguments.charts.runs(cluster, &arguments.paths)?;
    let selected = input::select_manifests(&arguments.paths, &runs, Caller::Generate);
    let mut errors: Vec<Problem> = selected.errors.into_iter().chain(selected.barren).collect();
    let mut texts = Vec::new();
    for input in &selected.inputs {
        match text(input) {
            Ok(text) => texts.push(text),
            Err(problem) => errors.push(*problem),
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(RunsError::Input(errors)) }
}

fn text(input: &Input) -> Result<Text, Box<Problem>> {
    let (variant, bytes) = match input.build() {
        Some(build) => (build.variant().map(str::to_owned), build.render(Caller::Generate)?.bytes),
        None => (None, input.read()?),
    };
    Ok(Text { name: input.name().to_owned(), variant, bytes })
}

/// Reads every document.
pub(super) fn documents(texts: &[Text]) -> Result<Vec<Source<'_>>, Failure> {
    let (mut sources, mut errors) = (Vec::new(), Vec::new());
    for text in texts {
        let lines = Arc::new(LineIndex::new(&text.bytes));
        for document in read_workloads(&text.bytes) {
            match document {
                Ok(document) => {
                    let parsed = Parsed { file: &text.name, document, lines: Arc::clone(&lines) };
                    sources.push(Source { text, parsed });
                }
                Err(error) => errors.push(read_problem(&text.name, &error, &lines)),
            }
        }
    }
    if errors.is_empty() { Ok(sources) } else { Err(Failure::Input(errors)) }
}

/// Returns the workloads with their violations. Objects of other kinds are skipped.
pub(super) fn needed<'s>(sources: &'s [Source<'s>], profile: &Profile) -> Result<Vec<Needed<'s>>, Failure> {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let options = Options::new(profile);
    for Source { text, parsed } in sources {
        let (manifests, faults) = manifests(parsed.document.root());
        errors.extend(faults.iter().map(|fault| parsed.problem(fault)));
        for manifest in manifests {
            let kind = match manifest.role() {
                Ok(Role::Workload(kind)) => kind,
                Ok(_) => continue,
                Err(fault) => {
                    errors.push(parsed.problem(&fault));
                    continue;
                }
            };
            match Workload::read(&manifest, kind) {
                Ok(read) => {
                    let decision = decide(&read.workload, &AllowlistSet::default(), &options);
                    found.push(Needed {
                        source: parsed,
                        workload: read.workload,
                        violations: decision.violations,
                        kind,
                        variant: text.variant.as_deref(),
                    });
                }
                Err(faults) => errors.extend(faults.iter().map(|fault| parsed.problem(fault))),
            }
        }
    }
    if errors.is_empty() && found.is_empty() {
        let help = "pass Pods, or objects that contain a Pod template";
        errors.push(Problem::new("", "no workload was found").help(help));
    }
    if errors.is_empty() { Ok(found) } else { Err(Failure::Input(errors)) }
}
