//! Evaluates the workloads of every group, with one engine for each group.

use std::path::PathBuf;

use hallpass_policy::{Options, Role, manifests};
use hallpass_report::{FileReport, Judge, Parsed, parse_all};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::file::TestFile;
use super::plan::{Group, Installed, Plan, Source};
use super::render::Rendered;
use super::{inline, render};
use crate::allowlists;
use crate::cli::EngineName;
use crate::input::{self, Caller, Purpose};
use crate::output::{Problem, Report};
use crate::profile;
use crate::progress::Progress;
use crate::selected_engine::SelectedEngine;

/// The settings of an evaluation.
#[derive(Clone, Copy)]
pub(crate) struct How {
    pub(crate) engine: EngineName,
    /// Whether to keep the text around each location.
    pub(crate) snippets: bool,
}

/// The results for a group.
#[derive(Default)]
pub(crate) struct Evaluated {
    /// The errors in the policy. If not empty, no workload was evaluated.
    pub(super) errors: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    /// Constraints of the profile that depend on the cluster.
    pub(super) not_evaluated: Vec<String>,
    /// The names of the installed allowlists.
    pub(super) installed: Vec<String>,
    /// One per source.
    pub(super) files: Vec<FileReport>,
}

/// Evaluates the groups of a plan.
pub(crate) fn evaluate(plan: &Plan, files: &[TestFile<'_>], how: How) -> Vec<Evaluated> {
    let charts: Vec<Rendered> = plan.charts.par_iter().map(|chart| chart.render(files)).collect();
    let progress = Progress::new(plan.groups.iter().map(|group| group.sources.len()).sum());
    let run = Run { files, charts: &charts, how, progress: &progress };
    let evaluated = plan.groups.par_iter().map(|group| run.group(group)).collect();
    progress.finish();
    evaluated
}

/// The data that all groups share.
#[derive(Clone, Copy)]
struct Run<'r, 's> {
    files: &'r [TestFile<'s>],
    charts: &'r [Rendered],
    how: How,
    progress: &'r Progress,
}

impl Run<'_, '_> {
    fn group(&self, group: &Group) -> Evaluated {
        let policy = &group.policy;
        let chosen = match profile::load(&policy.profile) {
            Ok(chosen) => chosen,
            Err(errors) => return Evaluated { errors, ..Evaluated::default() },
        };
        let mut report = Report::default();
        let paths: Vec<PathBuf> = policy.allowlists.iter().filter_map(Installed::path).cloned().collect();
        let inputs = input::select(&paths, Purpose::Allowlists(Caller::Test)).inputs(&mut report.errors);
        let sources = allowlists::read(&inputs, &mut report);
        let mut parsed = parse_all(input::texts(&sources), &mut report.errors);
        for allowlist in &policy.allowlists {
            let Installed::Inline { file, pointer } = allowlist else { continue };
            let Some(file) = self.files.get(*file) else { continue };
            match inline_allowlist(file, pointer) {
                Ok(allowlist) => parsed.push(allowlist),
                Err(error) => report.errors.push(*error),
            }
        }
        let installed = hallpass_report::Installed::new(&parsed, &paths, &mut report);
        if !report.errors.is_empty() {
            return Evaluated { errors: report.errors, ..Evaluated::default() };
        }
        let options = Options { profile: &chosen.profile, target: policy.gke_version, strict: policy.strict };
        let engine = match SelectedEngine::new(self.how.engine, &installed, &chosen, options) {
            Ok(engine) => engine,
            Err(unjudged) => {
                return Evaluated { errors: vec![unjudged.problem("")], ..Evaluated::default() };
            }
        };
        let judge = Judge { installed: &installed, engine, snippets: self.how.snippets };
        let evaluate = |source: &Source| {
            let report = self.source(source, &judge);
            self.progress.advance();
            report
        };
        let names = installed.manifests.iter().filter_map(|manifest| manifest.name());
        Evaluated {
            errors: Vec::new(),
            warnings: report.warnings,
            not_evaluated: chosen.profile.not_evaluated().to_vec(),
            installed: names.map(str::to_owned).collect(),
            files: group.sources.par_iter().map(evaluate).collect(),
        }
    }

    fn source(&self, source: &Source, judge: &Judge<'_, SelectedEngine<'_>>) -> FileReport {
        match source {
            Source::Inline { file, test } => {
                self.files.get(*file).map(|file| inline::judge(judge, file, *test)).unwrap_or_default()
            }
            Source::Chart(index) => {
                self.charts.get(*index).map(|chart| render::judge(judge, chart)).unwrap_or_default()
            }
            Source::File(path) => {
                let selected = input::select(std::slice::from_ref(path), Purpose::Files);
                let mut report = FileReport { errors: selected.errors, ..FileReport::default() };
                for input in &selected.inputs {
                    match input.read() {
                        Ok(bytes) => report = judge.file(input.name(), &bytes, true),
                        Err(problem) => report.errors.push(*problem),
                    }
                }
                report
            }
        }
    }
}

impl Installed {
    fn path(&self) -> Option<&PathBuf> {
        match self {
            Installed::Path(path) => Some(path),
            Installed::Inline { .. } => None,
        }
    }
}

/// Returns an allowlist in a test file as a document. Any other object would have no effect.
fn inline_allowlist<'s>(file: &TestFile<'s>, pointer: &str) -> Result<Parsed<'s>, Box<Problem>> {
    let other = || {
        let help = "write a whole WorkloadAllowlist, with `apiVersion` and `kind`, or the path of a file";
        Box::new(file.problem(pointer, "this is not a WorkloadAllowlist", help))
    };
    let document = file.parsed.document.part(pointer).ok_or_else(other)?;
    let (found, _) = manifests(document.root());
    // A typo in the kind is reported with the other errors of the allowlist.
    let is_allowlist = found.iter().any(|manifest| match manifest.role() {
        Ok(role) => role == Role::Allowlist,
        Err(_) => manifest.is_meant_as_allowlist(),
    });
    drop(found);
    if !is_allowlist {
        return Err(other());
    }
    Ok(Parsed { file: file.name(), document, lines: file.parsed.lines.clone() })
}
