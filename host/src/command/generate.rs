//! `hallpass generate`: the allowlist that admits workloads.

mod from;
mod read;

use std::path::Path;

use clap::error::ErrorKind;
use hallpass_author::generate::{self, Generated, Input, Patterns, Settings};

use hallpass_document::Diagnostic;
use hallpass_edit::yaml_with;

use crate::chart_runs::RunsError;
use crate::cli::{Generate, PatternField};
use crate::exit::Exit;
use crate::input::{Caller, Purpose};
use crate::output::{Problem, file, pretty, write_stdout, write_styled};
use crate::profile;
use crate::reads::{Reads, replaced};
use read::{Needed, documents, needed, texts};

pub(crate) fn run(arguments: &Generate) -> Exit {
    let written = arguments.output.as_deref().filter(|path| !is_extended(path, arguments));
    if let Some(path) = replaced(written.into_iter(), || reads(arguments)) {
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
    let workloads = documents(&texts).and_then(|documents| {
        // The documents live as long as their workloads.
        let needed = needed(&documents, &chosen.profile)?;
        let all: Vec<&Needed<'_>> = needed.iter().collect();
        let result = generated(arguments, &all, arguments.name.clone()).map_err(Failure::Denied)?;
        match &arguments.from {
            None => Ok(Written { text: text(&result, &all), additions: None }),
            Some(old) => from::write(arguments, old, &all, &chosen.profile),
        }
    });
    match workloads {
        Ok(written) => output(&written, arguments.output.as_deref()),
        Err(Failure::Input(errors)) => refuse(&errors, Exit::Input),
        Err(Failure::Denied(errors)) => refuse(&errors, Exit::Denied),
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

/// The text to write, and what it adds to the allowlists of another file.
struct Written {
    text: String,
    additions: Option<String>,
}

/// Why nothing is written: a part would look like the whole.
enum Failure {
    Input(Vec<Problem>),
    Denied(Vec<Problem>),
}

impl From<Vec<Problem>> for Failure {
    fn from(errors: Vec<Problem>) -> Self {
        Failure::Input(errors)
    }
}

fn refuse(errors: &[Problem], exit: Exit) -> Exit {
    pretty::print_errors(errors, exit)
}

/// Returns the allowlists, or why there cannot be one for a workload.
fn generated(
    arguments: &Generate,
    needed: &[&Needed<'_>],
    name: Option<String>,
) -> Result<generate::Result, Vec<Problem>> {
    let uses = |field: PatternField| arguments.pattern.contains(&field);
    let settings = Settings {
        name,
        min_gke_version: arguments.min_gke_version,
        merge: arguments.merge,
        patterns: Patterns {
            image: uses(PatternField::Image),
            args: uses(PatternField::Args),
            env: uses(PatternField::Env),
        },
    };
    let result = generate::generate(&inputs(needed), &settings);
    let refused = |index: usize| needed.get(index).map(|needed| needed.source);
    let errors = result.refusals.iter().filter_map(|refusal| {
        let fault = Diagnostic::new(refusal.path.clone(), refusal.message.clone()).help(refusal.help);
        Some(refused(refusal.workload)?.problem(&fault))
    });
    let errors: Vec<Problem> = errors.collect();
    if errors.is_empty() { Ok(result) } else { Err(errors) }
}

fn inputs<'n>(needed: &[&'n Needed<'n>]) -> Vec<Input<'n, 'n>> {
    let input =
        |needed: &&'n Needed<'n>| Input { workload: &needed.workload, violations: &needed.violations };
    needed.iter().map(input).collect()
}

/// Returns allowlists as YAML.
fn text(result: &generate::Result, needed: &[&Needed<'_>]) -> String {
    let mut documents: Vec<String> = result
        .allowlists
        .iter()
        .map(|generated| document(generated, needed, result.allowlists.len()))
        .collect();
    if !result.admitted.is_empty() {
        let names: Vec<String> =
            result.admitted.iter().filter_map(|index| Some(needed.get(*index)?.title())).collect();
        documents.insert(0, comment(&format!("admitted without an allowlist: {}", names.join(", "))));
    }
    documents.join("---\n")
}

/// Returns one allowlist, with comments. Of several, each says for which workloads it is.
fn document(generated: &Generated, needed: &[&Needed<'_>], count: usize) -> String {
    let remarks = |at: &str| {
        let remarks = generated.remarks.iter().filter(|remark| remark.path == at);
        remarks.map(|remark| remark.text.as_str()).collect()
    };
    let yaml = yaml_with(&generated.allowlist, remarks);
    if count == 1 {
        return yaml;
    }
    let names: Vec<String> =
        generated.exempts.iter().filter_map(|index| Some(needed.get(*index)?.title())).collect();
    comment(&format!("for {}", names.join(", "))) + &yaml
}

fn comment(text: &str) -> String {
    format!("# {}\n", crate::text::visible(text))
}

fn output(written: &Written, file: Option<&Path>) -> Exit {
    let additions = written.additions.as_deref().unwrap_or_default();
    let Some(path) = file.filter(|path| *path != Path::new("-")) else {
        let exit = write_stdout(written.text.as_bytes(), Exit::Success);
        return pretty::print_aside(additions, exit);
    };
    match file::write(path, written.text.as_bytes()) {
        Ok(()) => write_styled(additions, Exit::Success),
        Err(problem) => pretty::print_error(&problem, Exit::Input),
    }
}
