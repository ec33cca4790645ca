//! `hallpass lint`: finds mistakes in allowlists, synchronizers, fleets and test files.

mod findings;
mod fix;
mod lines;
mod nothing;
mod own;
mod read;

use clap::error::ErrorKind;
use hallpass_document::Value;
use hallpass_lint::{Context, Each, Finding, LintReport, Source, lint_with};
use hallpass_renderer::partners::Partners;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::cli::{Fixes, Lint};
use crate::exit::Exit;
use crate::input::Purpose;
use crate::output::findings::Printed;
use crate::output::{file, pretty};
use crate::reads::{Reads, stdin_twice};
use lines::Lines;

pub(crate) fn run(arguments: &Lint) -> Exit {
    if let Some(message) = conflict(arguments) {
        return super::usage("lint", ErrorKind::ArgumentConflict, &message);
    }
    let report = match arguments.fixes() {
        Some(fixes) => fix(arguments, fixes),
        None => linted(arguments, |_, _| ()).0,
    };
    let exit = Exit::of(&report.errors, report.summary.fails());
    let pretty = |width| pretty::lint::render(&report, arguments.quiet, width);
    arguments.outputs.write(&Printed { report: &report, pretty: &pretty, findings: findings::of }, exit)
}

/// Fixes findings until none can be fixed, and returns the rest. Several rounds are needed, because a fix may uncover a finding
/// that another one hid.
fn fix(arguments: &Lint, which: Fixes) -> LintReport {
    /// The maximum number of rounds, in case two rules contradict each other.
    const ROUNDS: usize = 10;
    let mut fixed = Vec::new();
    let mut lines = Lines::default();
    let mut rounds = 0;
    loop {
        rounds += 1;
        let (mut report, round) = linted(arguments, |sources, findings| match rounds {
            ..=ROUNDS => fix::fix(sources, findings, which, &mut lines),
            _ => fix::Round::default(),
        });
        if round.fixed.is_empty() {
            report.summary.fixed = fixed.len();
            report.fixed = fixed;
            report.errors.extend(round.unwritten);
            return report;
        }
        fixed.extend(round.fixed);
    }
}

fn conflict(arguments: &Lint) -> Option<String> {
    let option = if arguments.fix_all { "--fix-all" } else { "--fix" };
    if arguments.fixes().is_some()
        && let Some(message) = file::irreplaceable(option, &arguments.paths)
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

/// Reads the files, passes the findings to `then`, and reports them.
fn linted<T>(arguments: &Lint, then: impl FnOnce(&[Source<'_>], &mut [Finding]) -> T) -> (LintReport, T) {
    let texts = read::texts(&arguments.paths);
    let read = read::documents(&texts.files);
    let (own, errors) = own::findings(&read);
    let paths: Vec<&str> = partner_paths().collect();
    let context = Context { partner_paths: &paths };
    let mut findings = lint_with(&read.sources, &context, own, &InThreads);
    findings.retain(|finding| !arguments.allow.iter().any(|allowed| allowed.id == finding.rule.id));

    let result = then(&read.sources, &mut findings);
    let is_own = |root: &Value<'_>| own::Kind::of(root).is_some();
    let mut report = LintReport::new(&read.sources, &findings, is_own, &InThreads);
    report.summary.skipped = read.skipped;
    report.errors.extend(texts.errors.into_iter().chain(read.errors).chain(errors));
    let nothing = nothing::in_paths(&arguments.paths, &report);
    report.errors.extend(nothing);
    (report, result)
}

/// Distributes work over all threads of this process.
struct InThreads;

impl Each for InThreads {
    fn each<T: Send, R: Send>(&self, items: Vec<T>, convert: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
        items.into_par_iter().map(convert).collect()
    }
}

/// Returns the paths of partners' allowlists in Google's repository.
fn partner_paths() -> impl Iterator<Item = &'static str> {
    Partners::known().partners.iter().flat_map(|partner| &partner.paths).map(|path| path.path.as_str())
}
