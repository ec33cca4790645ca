//! Reads the manifests, and computes the changes.

use std::sync::Arc;

use hallpass_author::mirror::{Change, Mirror, Plan, Sources};
use hallpass_document::Code;
use hallpass_report::{LineIndex, Parsed, is_foreign, read_problem, read_workloads};

use crate::input::Input;
use crate::output::Problem;

/// A file of manifests.
pub(super) struct Source<'i> {
    pub(super) input: &'i Input,
    pub(super) bytes: Vec<u8>,
}

/// The documents of a file, each with its changes.
pub(super) struct File<'s> {
    pub(super) source: &'s Source<'s>,
    pub(super) documents: Vec<(Parsed<'s>, Plan)>,
}

impl File<'_> {
    /// Returns all changes, each with its document.
    pub(super) fn changes(&self) -> impl Iterator<Item = (&Parsed<'_>, &Change)> {
        let documents = self.documents.iter();
        documents.flat_map(|(parsed, plan)| plan.changes.iter().map(move |change| (parsed, change)))
    }
}

/// Reads the files, and skips files without a Kubernetes object in searched folders.
pub(super) fn sources<'i>(inputs: &'i [Input], errors: &mut Vec<Problem>) -> Vec<Source<'i>> {
    let mut sources = Vec::with_capacity(inputs.len());
    for input in inputs {
        match input.read() {
            Ok(bytes) if !input.is_named() && is_foreign(&bytes) => {}
            Ok(bytes) => sources.push(Source { input, bytes }),
            Err(problem) => errors.push(*problem),
        }
    }
    sources
}

/// Reads the documents of all files. Nothing may be rewritten if there is an error.
pub(super) fn files<'s>(
    sources: &'s [Source<'s>],
    mirror: &Mirror<'_>,
    errors: &mut Vec<Problem>,
) -> Vec<File<'s>> {
    let (mut files, mut workloads, mut copied) = (Vec::new(), 0, Sources::default());
    for source in sources {
        let name = source.input.name();
        let lines = Arc::new(LineIndex::new(&source.bytes));
        let mut documents = Vec::new();
        for document in read_workloads(&source.bytes) {
            let parsed = match document {
                Ok(document) => Parsed { file: name, document, lines: Arc::clone(&lines) },
                Err(error) => {
                    let problem = read_problem(name, &error, &lines);
                    errors.push(if error.code == Code::Template { problem.help(RENDER) } else { problem });
                    continue;
                }
            };
            match mirror.plan(parsed.document.root()) {
                Ok(plan) => {
                    workloads += plan.workloads;
                    let conflicts = plan.changes.iter().filter_map(|change| copied.add(change).err());
                    errors.extend(conflicts.map(|fault| parsed.problem(&fault)));
                    documents.push((parsed, plan));
                }
                Err(faults) => errors.extend(faults.iter().map(|fault| parsed.problem(fault))),
            }
        }
        files.push(File { source, documents });
    }
    if errors.is_empty() && workloads == 0 {
        let help = "pass Pods, or objects that contain a Pod template";
        errors.push(Problem::new("", "no workload was found").help(help));
    }
    files
}

const RENDER: &str = "render it first: `helm template CHART | hallpass mirror --registry HOST/PREFIX -`";
