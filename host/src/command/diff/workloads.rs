//! `hallpass diff --workloads`: the verdicts that differ between two versions of workloads.

mod findings;
mod sides;

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;

use crate::chart_runs::RunsError;
use crate::cli::Diff;
use crate::exit::Exit;
use crate::input::{self, Caller, Cluster, Purpose, Run};
use crate::judging::{Conditions, Inputs, each};
use crate::output::findings::Printed;
use crate::output::{Problem, Report, pretty};
use crate::profile::{self, Chosen};
use crate::reads::{Reads, stdin_twice};
use crate::verdict_diff::{Text, Texts, VerdictDiff};
use sides::{Side, Sides};

pub(super) fn run(arguments: &Diff) -> Exit {
    let verdicts = &arguments.verdicts;
    let given = || {
        let mut reads = Reads::default();
        reads.paths(&arguments.paths, Purpose::Manifests(Caller::Diff));
        reads.paths(&verdicts.allowlists, Purpose::Allowlists(Caller::Diff));
        reads.values(&verdicts.charts);
        verdicts.profile.iter().for_each(|profile| reads.profile(profile));
        reads
    };
    if let Some(message) = arguments.outputs.overwrite(given) {
        return super::super::usage("diff", ErrorKind::ArgumentConflict, &message);
    }
    match compared(arguments) {
        Ok(report) => {
            let exit = report.exit();
            let pretty = |width| pretty::verdict_diff::render(&report, arguments.quiet, width);
            arguments
                .outputs
                .write(&Printed { report: &report, pretty: &pretty, findings: findings::of }, exit)
        }
        Err(message) => super::super::usage("diff", ErrorKind::ArgumentConflict, &message),
    }
}

/// Returns the report. The error says why the command line is invalid.
fn compared(arguments: &Diff) -> Result<VerdictDiff, String> {
    let verdicts = &arguments.verdicts;
    let all = arguments.paths.iter().chain(&verdicts.allowlists).chain(&verdicts.profile);
    if let Some(message) = stdin_twice(all) {
        return Err(message.to_owned());
    }
    let sides = match sides::of(arguments) {
        Ok(sides) => sides,
        Err(problems) => return Ok(VerdictDiff::invalid(problems)),
    };
    let paths: Vec<PathBuf> = sides.iter().flat_map(Side::paths).cloned().collect();
    let profile = verdicts.profile.clone().unwrap_or_else(|| profile::DEFAULT.into());
    let cluster =
        Cluster { version: verdicts.gke_version, has_allowlists: profile != Path::new("kubernetes") };
    let runs = match verdicts.charts.runs(cluster, &paths) {
        Ok(runs) => runs,
        Err(RunsError::Input(problems)) => return Ok(VerdictDiff::invalid(problems)),
        Err(RunsError::Usage(message)) => return Err(message),
    };
    Ok(match profile::load(&profile) {
        Ok(chosen) => judged(arguments, &sides, &runs, &chosen),
        Err(problems) => VerdictDiff::invalid(problems),
    })
}

/// Evaluates both sides, and compares the verdicts, unless something could not be read.
fn judged(arguments: &Diff, sides: &Sides, runs: &[Run], chosen: &Chosen) -> VerdictDiff {
    let verdicts = &arguments.verdicts;
    let conditions = Conditions {
        allowlists: &verdicts.allowlists,
        purpose: Purpose::Allowlists(Caller::Diff),
        profile: chosen,
        gke_version: verdicts.gke_version,
        strict: verdicts.strict,
        engine: verdicts.engine,
        snippets: false,
    };
    let mut problems = Report::default();
    let evaluated = conditions.judge(&mut problems, |judge, _| {
        let how = Inputs { judge, caller: Caller::Diff, allow_empty: true };
        sides.each_ref().map(|side| evaluate(side, runs, how))
    });
    let Some([(mut old, old_texts), (mut new, new_texts)]) = evaluated else {
        return VerdictDiff::invalid(problems.errors);
    };
    let mut errors = problems.errors;
    errors.append(&mut old.errors);
    errors.append(&mut new.errors);
    if errors.is_empty() && old.results.is_empty() && new.results.is_empty() {
        let help = "pass Pods, or objects that contain a Pod template";
        errors.push(Problem::new("", "neither side contains a workload").help(help));
    }
    if !errors.is_empty() {
        return VerdictDiff::invalid(errors);
    }
    new.summary.not_evaluated = problems.summary.not_evaluated;
    let mut report = VerdictDiff::new([&old, &new], [&Texts::new(&old_texts), &Texts::new(&new_texts)]);
    // Only the warnings of the new side concern the change.
    report.warnings = problems.warnings;
    report.warnings.append(&mut new.warnings);
    report.notes = new.notes;
    report
}

/// Returns the verdicts of a side, and the texts of its workloads.
fn evaluate(side: &Side, runs: &[Run], how: Inputs<'_, '_>) -> (Report, Vec<Text>) {
    let selected = input::select_manifests(side.paths(), runs, Caller::Diff);
    let mut report = Report { errors: selected.errors, notes: selected.notes, ..Report::default() };
    report.errors.extend(selected.barren);
    let files = each(&selected.inputs, |input| how.evaluate(input));
    let mut texts = Vec::with_capacity(files.len());
    for (input, (file, bytes)) in selected.inputs.iter().zip(files) {
        report.add(input.name(), file);
        let variant = input.build().and_then(input::Build::variant).map(str::to_owned);
        texts.push(Text { file: side.shown(input.name()), variant, bytes });
    }
    report.sum_up_templates();
    side.rename(&mut report);
    (report, texts)
}
