//! `hallpass generate`: the allowlist that admits workloads.

mod from;

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use hallpass_author::generate::{Patterns, Settings};
use hallpass_report::generate::{
    Failure, GeneratedAllowlist, Generation, Needed, Text, documents, generate_for, needed,
};

use crate::chart_runs::RunsError;
use crate::cli::{Generate, PatternField};
use crate::exit::Exit;
use crate::input::{self, Caller, Cluster, Input, Purpose};
use crate::output::{Problem, file, pretty, write_stdout, write_styled};
use crate::profile;
use crate::reads::{Reads, replaced, stdin_twice};

pub(crate) fn run(arguments: &Generate) -> Exit {
    let inputs = arguments.paths.iter().chain(&arguments.from).chain([&arguments.profile]);
    if let Some(message) = stdin_twice(inputs) {
        return super::usage("generate", ErrorKind::ArgumentConflict, message);
    }
    let (extended, written): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.output.iter().partition(|path| is_extended(path, arguments));
    if let Some(message) = file::irreplaceable("-o", extended) {
        return super::usage("generate", ErrorKind::ArgumentConflict, &message);
    }
    if let Some(path) = replaced(written.into_iter().map(PathBuf::as_path), || reads(arguments)) {
        let message =
            format!("`{}` is read, and the allowlist would overwrite it: name another file", path.display());
        return super::usage("generate", ErrorKind::ArgumentConflict, &message);
    }
    let texts = match texts(arguments) {
        Ok(texts) => texts,
        Err(RunsError::Input(errors)) => return refuse(&errors, Exit::Input),
        Err(RunsError::Usage(message)) => {
            return super::usage("generate", ErrorKind::MissingRequiredArgument, &message);
        }
    };
    let chosen = match profile::load(&arguments.profile) {
        Ok(chosen) => chosen,
        Err(errors) => return refuse(&errors, Exit::Input),
    };
    let written = documents(&texts).and_then(|documents| {
        // The documents live as long as their workloads.
        let needed = needed(&documents, &chosen.profile)?;
        let all: Vec<&Needed<'_>> = needed.iter().collect();
        let generation = generate_for(&all, &settings(arguments, arguments.name.clone()))?;
        match &arguments.from {
            None => Ok(Written::of(generation)),
            Some(old) => from::write(arguments, old, &all, &chosen.profile),
        }
    });
    match written {
        Ok(written) => output(&written, arguments),
        Err(Failure::Input(errors)) => refuse(&errors, Exit::Input),
        Err(Failure::Denied(errors)) => refuse(&errors, Exit::Denied),
    }
}

/// The text to write, and notes on it for users.
struct Written {
    text: String,
    /// Its additions to the allowlists of another file.
    additions: Option<String>,
    /// Notes on why it contains several allowlists for one workload.
    notes: Vec<Problem>,
}

impl Written {
    fn of(generation: Generation) -> Self {
        let note = |allowlist: &GeneratedAllowlist| {
            let why = allowlist.separate.as_ref()?;
            Some(Problem::new("", format!("`{}` is {why}", allowlist.name)))
        };
        let notes = generation.allowlists.iter().filter_map(note).collect();
        Written { text: generation.yaml.unwrap_or_default(), additions: None, notes }
    }
}

/// Whether a file is the one with the allowlists to extend, which may be replaced.
fn is_extended(path: &Path, arguments: &Generate) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    arguments.from.as_deref().is_some_and(|old| real(old).is_some() && real(old) == real(path))
}

fn reads(arguments: &Generate) -> Reads {
    let mut reads = Reads::default();
    reads.paths(&arguments.paths, Purpose::Manifests(Caller::Generate));
    reads.profile(&arguments.profile);
    reads.values(&arguments.charts);
    reads.files(&arguments.from);
    reads
}

fn refuse(errors: &[Problem], exit: Exit) -> Exit {
    pretty::print_errors(errors, exit)
}

/// Reads the inputs, and renders charts and kustomizations.
fn texts(arguments: &Generate) -> Result<Vec<Text>, RunsError> {
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

fn settings(arguments: &Generate, name: Option<String>) -> Settings {
    let uses = |field: PatternField| arguments.pattern.contains(&field);
    Settings {
        name,
        min_gke_version: arguments.min_gke_version,
        merge: arguments.merge,
        patterns: Patterns {
            image: uses(PatternField::Image),
            args: uses(PatternField::Args),
            env: uses(PatternField::Env),
        },
    }
}

fn output(written: &Written, arguments: &Generate) -> Exit {
    let additions = written.additions.as_deref().unwrap_or_default();
    let Some(path) = arguments.output.as_deref().filter(|path| *path != Path::new("-")) else {
        let exit = write_stdout(written.text.as_bytes(), Exit::Success);
        pretty::print_notes(&written.notes);
        return pretty::print_aside(additions, exit);
    };
    let lost = if is_extended(path, arguments) { None } else { lost(path, &written.text) };
    match file::write(path, written.text.as_bytes()) {
        Ok(()) => {
            pretty::print_notes(&written.notes);
            pretty::print_notes(lost.as_slice());
            write_styled(additions, Exit::Success)
        }
        Err(problem) => pretty::print_error(&problem, Exit::Input),
    }
}

/// Returns a note if the file has contents that the new text replaces.
fn lost(path: &Path, text: &str) -> Option<Problem> {
    // Reading a pipe could wait forever.
    let old = path.is_file().then(|| std::fs::read(path).ok()).flatten()?;
    let is_lost = !old.is_empty() && old != text.as_bytes();
    let help = format!("`--from {}` keeps what a person wrote, and adds what is missing", input::word(path));
    let note = Problem::new(&path.display().to_string(), "the file had other contents, which are replaced");
    is_lost.then(|| note.help(help))
}
