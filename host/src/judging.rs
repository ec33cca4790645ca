//! Evaluates the workloads of inputs, for all commands that print verdicts.

use std::path::PathBuf;

use hallpass_policy::{GkeVersion, Options};
use hallpass_report::{FileReport, Installed, Judge, parse_all};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::allowlists;
use crate::cli::EngineName;
use crate::input::{self, Build, Caller, Input, Purpose, Selected};
use crate::output::Report;
use crate::profile::Chosen;
use crate::progress::Progress;
use crate::selected_engine::SelectedEngine;

/// Everything that a verdict depends on, except the workload.
pub(crate) struct Conditions<'c> {
    /// The files of the allowlists that count as installed.
    pub(crate) allowlists: &'c [PathBuf],
    /// The purpose for which they are read.
    pub(crate) purpose: Purpose,
    pub(crate) profile: &'c Chosen,
    pub(crate) gke_version: Option<GkeVersion>,
    pub(crate) strict: bool,
    pub(crate) engine: EngineName,
    /// Whether to keep the text around each location.
    pub(crate) snippets: bool,
}

impl Conditions<'_> {
    /// Loads the allowlists into an engine, and calls `evaluate` with it. Allowlists that cannot be loaded are errors of
    /// the report. `None` if the engine cannot be started, which is an error as well.
    pub(crate) fn judge<T>(
        &self,
        report: &mut Report,
        evaluate: impl FnOnce(&Judge<'_, SelectedEngine<'_>>, &mut Report) -> T,
    ) -> Option<T> {
        report.summary.not_evaluated = self.profile.profile.not_evaluated().to_vec();
        let Selected { inputs, errors, barren, unbuilt, .. } = input::select(self.allowlists, self.purpose);
        report.errors.extend(errors.into_iter().chain(barren));
        let sources = allowlists::read(&inputs, report);
        let parsed = parse_all(input::texts(&sources), &mut report.errors);
        let read: Vec<&PathBuf> = self.allowlists.iter().filter(|path| !unbuilt.contains(path)).collect();
        let installed = Installed::new(&parsed, &read, report);
        let options =
            Options { profile: &self.profile.profile, target: self.gke_version, strict: self.strict };
        match SelectedEngine::new(self.engine, &installed, self.profile, options) {
            Ok(engine) => {
                Some(evaluate(&Judge { installed: &installed, engine, snippets: self.snippets }, report))
            }
            Err(unjudged) => {
                report.errors.push(unjudged.problem(""));
                None
            }
        }
    }
}

/// Converts every input, several at a time, and shows the progress. The results are in the order of the inputs.
pub(crate) fn each<T: Send>(inputs: &[Input], convert: impl Fn(&Input) -> T + Sync) -> Vec<T> {
    let progress = Progress::new(inputs.len());
    let convert = |input| {
        let result = convert(input);
        progress.advance();
        result
    };
    let results = inputs.par_iter().map(convert).collect();
    progress.finish();
    results
}

/// The settings for evaluating inputs.
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'i, 'j> {
    pub(crate) judge: &'i Judge<'j, SelectedEngine<'j>>,
    pub(crate) caller: Caller,
    /// Whether a build may print no manifest.
    pub(crate) allow_empty: bool,
}

impl Inputs<'_, '_> {
    /// Reads or builds an input, and evaluates it. Also returns its text, which is empty if that fails.
    pub(crate) fn evaluate(self, input: &Input) -> (FileReport, Vec<u8>) {
        if let Some(build) = input.build() {
            return self.built(input.name(), build);
        }
        match input.read() {
            Ok(bytes) => (self.judge.file(input.name(), &bytes, input.is_named()), bytes),
            Err(problem) => (FileReport { errors: vec![*problem], ..FileReport::default() }, Vec::new()),
        }
    }

    fn built(self, name: &str, build: &Build) -> (FileReport, Vec<u8>) {
        let (mut report, bytes) = match build.render(self.caller) {
            Ok(printed) => {
                let is_barren = printed.is_empty() && !self.allow_empty;
                let report = match is_barren {
                    true => FileReport { errors: vec![build.nothing(name)], ..FileReport::default() },
                    false => self.judge.file(name, &printed.bytes, true),
                };
                (FileReport { notes: printed.notes, ..report }, printed.bytes)
            }
            Err(problem) => (FileReport { errors: vec![*problem], ..FileReport::default() }, Vec::new()),
        };
        build.label(&mut report);
        (report, bytes)
    }
}
