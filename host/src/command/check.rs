//! `hallpass check`: reads and evaluates workloads, and prints the report.

mod findings;
mod nothing;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use jiff::tz::TimeZone;

use crate::chart_runs::RunsError;
use crate::cli::Check;
use crate::clock;
use crate::config::{self, Config, Settings};
use crate::exit::Exit;
use crate::input::{self, Caller, Cluster, Purpose, Selected};
use crate::judging::{Conditions, Inputs, each};
use crate::output::destination::Format;
use crate::output::findings::Printed;
use crate::output::pretty::{self, Detail};
use crate::output::{Problem, Report, exit};
use crate::profile;
use crate::reads::stdin_twice;

pub(crate) fn run(arguments: &Check) -> Exit {
    let outputs = &arguments.outputs;
    let given = || {
        let mut reads = Settings::new(arguments, None).reads(arguments);
        reads.files(&config::path(arguments));
        reads
    };
    if let Some(message) = outputs.conflict().or_else(|| outputs.overwrite(given)) {
        return super::usage("check", ErrorKind::ArgumentConflict, &message);
    }
    let mut report = Report::default();
    report.warnings.extend(config::misnamed(arguments));
    let source = match config::source(arguments) {
        Ok(source) => source,
        Err(problems) => return refuse(arguments, report, problems),
    };
    let config = match source.as_ref().map(Config::read).transpose() {
        Ok(config) => config,
        Err(problems) => return refuse(arguments, report, problems),
    };
    report.config = config.as_ref().map(|config| config.name().to_owned());
    let settings = Settings::new(arguments, config.as_ref());
    if let Some(message) = outputs.overwrite(|| settings.reads(arguments)) {
        return super::usage("check", ErrorKind::ArgumentConflict, &message);
    }
    if !settings.unusable.is_empty() {
        return refuse(arguments, report, settings.unusable);
    }
    let paths = match paths(&settings) {
        Ok(paths) => paths,
        Err(message) => return usage(&message),
    };
    let cluster = Cluster {
        version: settings.gke_version,
        // Only the constraints of other clusters say that there is no API for allowlists.
        has_allowlists: settings.profile != Path::new("kubernetes"),
    };
    let runs = match arguments.charts.runs(cluster, &paths) {
        Ok(runs) => runs,
        Err(RunsError::Input(problems)) => return refuse(arguments, report, problems),
        Err(RunsError::Usage(message)) => return usage(&message),
    };
    let chosen = match profile::load(&settings.profile) {
        Ok(chosen) => chosen,
        Err(problems) => {
            // Do not fall back to constraints other than the requested ones.
            return refuse(arguments, report, problems);
        }
    };
    let conditions = Conditions {
        allowlists: &settings.allowlists,
        purpose: if arguments.no_render { Purpose::Files } else { Purpose::Allowlists(Caller::Check) },
        profile: &chosen,
        gke_version: settings.gke_version,
        strict: arguments.strict,
        engine: arguments.engine,
        snippets: outputs.include(Format::Pretty),
    };
    let evaluated = conditions.judge(&mut report, |judge, report| {
        let are_all_loaded = report.errors.is_empty();
        let Selected { inputs, errors, barren, notes, .. } = if arguments.no_render {
            input::select(&paths, Purpose::Files)
        } else {
            input::select_manifests(&paths, &runs, Caller::Check)
        };
        report.errors.extend(errors);
        report.notes.extend(notes);
        if !arguments.allow_empty {
            report.errors.extend(barren);
        }
        let how = Inputs { judge, caller: Caller::Check, allow_empty: arguments.allow_empty };
        let files = each(&inputs, |input| how.evaluate(input).0);
        for (input, file) in inputs.iter().zip(files) {
            report.add(input.name(), file);
        }
        if !are_all_loaded {
            report.doubt_denials();
        }
        inputs
    });
    let Some(inputs) = evaluated else { return print(arguments, report) };
    report.note_allowlists();
    if report.summary.workloads == 0 && report.errors.is_empty() && !arguments.allow_empty {
        if settings.paths.is_empty() {
            nothing::on_stdin(&mut report);
        } else {
            report.errors.push(nothing::in_paths(&paths, &inputs, &report));
        }
    }
    if let Some(config) = &config {
        let today = arguments.now.unwrap_or_else(clock::now).to_zoned(TimeZone::UTC).date();
        config.except(&mut report, today, arguments.strict, settings.scope);
    }
    report.sum_up_variants(arguments.charts.matrix.iter().map(|file| file.display().to_string()));
    if !arguments.allow_empty {
        nothing::in_variants(&mut report);
    }
    print(arguments, report)
}

/// Prints the reasons why nothing was checked.
fn refuse(arguments: &Check, mut report: Report, problems: Vec<Problem>) -> Exit {
    report.errors = problems;
    print(arguments, report)
}

/// Returns the paths to check: stdin if no path is given and input is piped.
fn paths(settings: &Settings) -> Result<Vec<PathBuf>, String> {
    let mut paths = settings.paths.clone();
    if paths.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(
                "nothing to check: pass files, folders, or `-` for stdin, or list `paths` in a config"
                    .to_owned(),
            );
        }
        paths.push(PathBuf::from("-"));
    }
    match stdin_twice(paths.iter().chain(&settings.allowlists).chain([&settings.profile])) {
        Some(message) => Err(message.to_owned()),
        None => Ok(paths),
    }
}

fn usage(message: &str) -> Exit {
    super::usage("check", ErrorKind::MissingRequiredArgument, message)
}

fn print(arguments: &Check, mut report: Report) -> Exit {
    report.sum_up_templates();
    report.summary.errors = report.errors.len();
    let detail = Detail::of(arguments.quiet, arguments.verbose);
    let exit = exit(&report);
    let pretty = |width| pretty::render(&report, detail, width);
    arguments.outputs.write(&Printed { report: &report, pretty: &pretty, findings: findings::of }, exit)
}
