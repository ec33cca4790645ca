//! `hallpass lint`: finds mistakes in allowlists, synchronizers, fleets and test files.

mod findings;
mod fix;
mod nothing;
mod own;
mod read;

use clap::error::ErrorKind;
use hallpass_document::Value;
use hallpass_lint::{Context, Finding, LintReport, Source, lint_with};
use hallpass_renderer::partners::Partners;

use crate::cli::Lint;
use crate::exit::Exit;
use crate::input::Purpose;
use crate::output::findings::{Findings, Reported};
use crate::output::{Problem, file, json, pretty};
use crate::reads::{Reads, stdin_twice};
pub(crate) use fix::Fixed;
use fix::Fixes;

pub(crate) fn run(arguments: &Lint) -> Exit {
    if let Some(message) = conflict(arguments) {
        return super::usage("lint", ErrorKind::ArgumentConflict, &message);
    }
    let fixes = if arguments.fix { fix_all(arguments) } else { Fixes::default() };
    let mut report = linted(arguments, |_, _, report| report);
    if arguments.fix {
        // What is left cannot be fixed, and an error says why.
        report.findings.iter_mut().for_each(|finding| finding.fix = None);
    }
    report.summary.fixed = fixes.fixed.len();
    report.errors.extend(fixes.refused);
    let exit = exit(&report);
    arguments.outputs.write(&Linted { arguments, report, fixed: fixes.fixed }, exit)
}

/// Fixes until nothing is left that can be fixed: a fix may uncover a fault that another one hid.
fn fix_all(arguments: &Lint) -> Fixes {
    /// So that two rules that contradict each other do not run forever.
    const ROUNDS: usize = 10;
    let mut fixed = Vec::new();
    for _ in 0..ROUNDS {
        let round = linted(arguments, |sources, findings, _| fix::fix(sources, findings));
        if round.fixed.is_empty() {
            return Fixes { fixed, refused: round.refused };
        }
        fixed.extend(round.fixed);
    }
    Fixes { fixed, refused: Vec::new() }
}

fn conflict(arguments: &Lint) -> Option<String> {
    if arguments.fix
        && let Some(message) = file::irreplaceable("--fix", &arguments.paths)
    {
        return Some(message);
    }
    let given = || {
        let mut reads = Reads::default();
        reads.paths(&arguments.paths, Purpose::Files);
        reads
    };
    if let Some(message) = stdin_twice(&arguments.paths) {
        return Some(message.to_owned());
    }
    arguments.outputs.conflict().or_else(|| arguments.outputs.overwrite(given))
}

/// Reads the files, and passes on what was found in them.
fn linted<T>(arguments: &Lint, then: impl FnOnce(&[Source<'_>], &[Finding], LintReport) -> T) -> T {
    let texts = read::texts(&arguments.paths);
    let read = read::documents(&texts.files);
    let (own, errors) = own::findings(&read);
    let paths: Vec<&str> = partner_paths().collect();
    let mut findings = lint_with(&read.sources, &Context { partner_paths: &paths }, own);
    findings.retain(|finding| !arguments.allow.iter().any(|allowed| allowed.id == finding.rule.id));

    let is_own = |root: &Value<'_>| own::Kind::of(root).is_some();
    let mut report = LintReport::new(&read.sources, &findings, is_own);
    report.summary.skipped = read.skipped;
    report.errors.extend(texts.errors.into_iter().chain(read.errors).chain(errors));
    let nothing = nothing::in_paths(&arguments.paths, &report);
    report.errors.extend(nothing);
    then(&read.sources, &findings, report)
}

/// Returns the paths of partners' allowlists in Google's repository.
fn partner_paths() -> impl Iterator<Item = &'static str> {
    Partners::known().partners.iter().flat_map(|partner| &partner.paths).map(|path| path.path.as_str())
}

fn exit(report: &LintReport) -> Exit {
    if report.errors.iter().any(Problem::is_internal) {
        Exit::Internal
    } else if !report.errors.is_empty() {
        Exit::Input
    } else if report.summary.fails() {
        Exit::Denied
    } else {
        Exit::Success
    }
}

/// The report, and how much of it people want to read.
struct Linted<'a> {
    arguments: &'a Lint,
    report: LintReport,
    fixed: Vec<Fixed>,
}

impl Reported for Linted<'_> {
    fn pretty(&self, width: usize) -> String {
        pretty::lint::render(&self.report, &self.fixed, self.arguments.quiet, width)
    }

    fn json(&self) -> serde_json::Result<String> {
        json::text(&self.report)
    }

    fn findings(&self) -> Findings {
        findings::of(&self.report)
    }
}
