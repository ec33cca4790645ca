//! Charts and kustomizations that the user names: a program of the user renders them, and hallpass reads its output.

mod helm;
mod kustomize;
mod program;
mod schema;
mod values;

use std::path::{Path, PathBuf};
use std::process::Command;

use hallpass_report::{FileReport, read_workloads};

use super::caller::Caller;
use crate::output::Problem;
use crate::text::{counted, visible};
pub(crate) use helm::{Chart, Cluster, Run};
pub(crate) use kustomize::Local;
use program::{Failure, Output, run};
pub(crate) use values::{ValuesFile, duplicate, values_files};

/// The build that produces the text of an input.
#[derive(Clone, Debug)]
pub(crate) enum Build {
    /// With `helm template`.
    Chart(Chart, Run),
    /// With `kustomize build`.
    Kustomization(Local),
}

/// The output of a program that renders.
pub(crate) struct Printed {
    /// The manifests.
    pub(crate) bytes: Vec<u8>,
    /// The messages of the program.
    pub(crate) notes: Vec<Problem>,
}

impl Printed {
    /// Whether the output contains no document.
    pub(crate) fn is_empty(&self) -> bool {
        read_workloads(&self.bytes).next().is_none()
    }
}

impl Build {
    /// Runs the program.
    pub(crate) fn render(&self, caller: Caller) -> Result<Printed, Box<Problem>> {
        match self {
            Build::Chart(chart, run) => chart.render(run, caller),
            Build::Kustomization(local) => local.render(caller),
        }
    }

    /// Returns the error for a program that succeeds without printing a manifest.
    pub(crate) fn nothing(&self, name: &str) -> Problem {
        let (program, help) = match self {
            Build::Chart(..) => ("helm", "check the chart's values"),
            Build::Kustomization(_) => ("kustomize", "check what it lists"),
        };
        let help = format!("{help}, or add `--allow-empty`");
        Problem::new(name, format!("`{program}` printed no manifest")).help(help)
    }

    /// The name of the run, if there are several.
    pub(crate) fn variant(&self) -> Option<&str> {
        match self {
            Build::Chart(_, run) => run.variant.as_deref(),
            Build::Kustomization(_) => None,
        }
    }

    /// Converts templates to files of the chart, and adds the variant to everything.
    pub(crate) fn label(&self, report: &mut FileReport) {
        if let Build::Chart(chart, _) = self {
            let templates = report.results.iter_mut().filter_map(|outcome| outcome.template.as_mut());
            templates.for_each(|template| replace(template, chart.file_of(template)));
            let problems = report.errors.iter_mut().chain(&mut report.warnings);
            let templates = problems.filter_map(|problem| problem.template.as_mut());
            templates
                .for_each(|template| replace(template, chart.file_of(template).map(String::into_boxed_str)));
        }
        let Some(variant) = self.variant() else { return };
        for outcome in &mut report.results {
            outcome.variant = Some(variant.to_owned());
        }
        for problem in report.errors.iter_mut().chain(&mut report.warnings).chain(&mut report.notes) {
            problem.variant = Some(variant.into());
        }
    }
}

fn replace<T>(template: &mut T, file: Option<T>) {
    if let Some(file) = file {
        *template = file;
    }
}

/// A program, and how it is called.
struct Tool {
    program: &'static str,
    /// The arguments before all others.
    arguments: &'static [&'static str],
}

/// Runs the first program that is installed. `by_hand` is the command for users.
fn render(
    folder: &Path,
    tools: &[Tool],
    arguments: impl Fn(&mut Command),
    by_hand: &str,
    caller: Caller,
) -> Result<Printed, Box<Problem>> {
    let name = folder.display().to_string();
    let private = tempfile::tempdir().map_err(|error| {
        Box::new(Problem::new(
            &name,
            format!("a temporary folder cannot be created: {}", super::plain(&error)),
        ))
    })?;
    for tool in tools {
        let mut command = Command::new(tool.program);
        command.args(tool.arguments);
        arguments(&mut command);
        match run(&mut command, private.path()) {
            Some(Ok(Output { stdout, stderr })) => {
                let note = |line: String| Problem::new(&name, format!("{} printed: {line}", tool.program));
                return Ok(Printed { bytes: stdout, notes: lines(&stderr).into_iter().map(note).collect() });
            }
            Some(Err(failure)) => return Err(Box::new(failed(&name, tool.program, failure, by_hand))),
            None => {}
        }
    }
    let names: Vec<String> = tools.iter().map(|tool| format!("`{}`", tool.program)).collect();
    let message = match names.as_slice() {
        [only] => format!("{only} was not found on the PATH"),
        several => format!("neither {} was found on the PATH", several.join(" nor ")),
    };
    let help = caller.without_program(by_hand);
    Err(Box::new(Problem::new(&name, message).help(help)))
}

fn failed(name: &str, program: &str, failure: Failure, by_hand: &str) -> Problem {
    let message = match failure {
        Failure::System(reason) => format!("`{program}` {reason}"),
        Failure::TooLarge => {
            let message = format!("`{program}` printed more than {} MB", super::MAX_BYTES / 1024 / 1024);
            return Problem::new(name, message).help("split it: manifests are never this large");
        }
        Failure::Exit { status, stderr } => {
            let code = match status.code() {
                Some(code) => format!("failed with {code}"),
                None => "was ended by a signal".to_owned(),
            };
            let text = lines(&stderr);
            format!(
                "`{program}` {code}: {}",
                if text.is_empty() { "it printed no reason".to_owned() } else { text.join(" ") }
            )
        }
    };
    Problem::new(name, message).help(format!("fix this first; to try it by hand, run `{by_hand}`"))
}

/// The number of lines of stderr that are shown.
const LINES: usize = 20;

/// Helm's advice, for an option that hallpass does not have.
const ADVICE: &str = "Use --debug flag to render out invalid YAML";

/// Returns the lines of stderr that say something, without color, and the number of those that are left out.
fn lines(stderr: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(stderr);
    let text = anstream::adapter::strip_str(&text).to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != ADVICE);
    let mut lines: Vec<String> = lines.map(visible).collect();
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.truncate(LINES);
        lines.push(format!("... and {}", counted(more, "more line")));
    }
    lines
}

/// Returns the path in a form that no program reads as an option or a URL.
fn local(folder: &Path) -> PathBuf {
    Path::new(".").join(folder)
}
