//! Reads the workloads to admit.

use std::sync::Arc;

use hallpass_policy::{
    AllowlistSet, Options, Profile, Role, Violation, Workload, WorkloadKind, decide, manifests,
};

use super::{Failure, WorkloadPlace};
use crate::allowlists::Parsed;
use crate::located::{LineIndex, read_problem};
use crate::problem::Problem;
use crate::workloads::read_workloads;

/// The text of an input.
#[derive(Clone, Debug)]
pub struct Text {
    /// The name of the file.
    pub name: String,
    /// The values file of the chart, if there are several.
    pub variant: Option<String>,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// A document and the text that contains it.
pub struct Source<'t> {
    text: &'t Text,
    parsed: Parsed<'t>,
}

/// A workload, and the constraints from which it must be exempted.
pub struct Needed<'s> {
    /// Its document.
    pub source: &'s Parsed<'s>,
    /// The workload.
    pub workload: Workload<'s>,
    /// Its violations without any allowlist.
    pub violations: Vec<Violation>,
    kind: WorkloadKind,
    variant: Option<&'s str>,
}

impl Needed<'_> {
    /// Names the workload and its place: `DaemonSet acme/agent (chart:12, with values/prod.yaml)`.
    #[must_use]
    pub fn title(&self) -> String {
        let WorkloadPlace { file, line, namespace, name, .. } = self.place();
        let namespace = namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default();
        let with = self.variant.map(|variant| format!(", with {variant}")).unwrap_or_default();
        let name = name.as_deref().unwrap_or("(no name)");
        format!("{} {namespace}{name} ({file}:{line}{with})", self.kind.name())
    }

    pub(super) fn place(&self) -> WorkloadPlace {
        WorkloadPlace {
            file: self.source.file.to_owned(),
            line: self.source.document.locate(&self.workload.pointer).line,
            kind: self.kind.name(),
            namespace: self.workload.namespace.as_ref().map(|namespace| namespace.name.to_owned()),
            name: self.workload.name.map(str::to_owned),
        }
    }
}

/// Reads every document.
///
/// # Errors
/// A document cannot be read.
pub fn documents(texts: &[Text]) -> Result<Vec<Source<'_>>, Failure> {
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
///
/// # Errors
/// A workload is invalid, or no workload was found.
pub fn needed<'s>(sources: &'s [Source<'s>], profile: &Profile) -> Result<Vec<Needed<'s>>, Failure> {
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
