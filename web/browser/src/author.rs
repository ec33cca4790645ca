//! What authors and reviewers of allowlists use: the commands `generate`, `diff` and `lint` without a disk.

use hallpass_author::difference::Class;
use hallpass_author::generate::Settings;
use hallpass_lint::{Context, Finding, InTurn, LintReport, Rule, Source, fixed, objects};
use hallpass_report::Problem;
use hallpass_report::difference::DifferenceReport;
use hallpass_report::generate::{self, Generation, Text};
use serde::Serialize;

use crate::partners;
use crate::policy::{Constraints, File};

/// How to generate allowlists.
#[derive(Clone, Debug, Default)]
pub struct Generate {
    /// The constraints to exempt from; by default, Autopilot's.
    pub constraints: Constraints,
    /// How to write them.
    pub settings: Settings,
}

/// Generates the allowlists for every workload in the files.
#[must_use]
pub fn generate(files: Vec<File>, Generate { constraints, settings }: &Generate) -> Generation {
    let profile = match constraints.profile() {
        Ok(profile) => profile,
        Err(errors) => return Generation { errors, ..Generation::default() },
    };
    let texts = files.into_iter().map(|File { name, bytes }| Text { name, variant: None, bytes });
    let texts: Vec<Text> = texts.collect();
    generate::generate(&texts, &profile, settings).unwrap_or_else(Generation::from)
}

/// Compares the allowlists of two sides.
#[must_use]
pub fn diff(old: &[File], new: &[File], allowed: &[Class]) -> DifferenceReport {
    let [old, new] =
        [old, new].map(|files| files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())));
    DifferenceReport::between(old, new, allowed)
}

/// Finds faults in the `WorkloadAllowlist`s and `AllowlistSynchronizer`s of files. Other objects are skipped.
#[must_use]
pub fn lint(files: &[File]) -> LintReport {
    let (sources, errors) = sources(files);
    // Fleets and test files are read by the command line only.
    let mut report = LintReport::new(&sources, &findings(&sources), |_| false, &InTurn);
    report.errors = errors;
    report
}

/// Fixes a finding of [`lint`], by its index, and returns the file with the change.
///
/// # Errors
/// The finding has no fix, or the file is written in a way that cannot be changed safely.
pub fn fix(files: &[File], index: usize) -> Result<File, String> {
    let (sources, _) = sources(files);
    let findings = findings(&sources);
    let finding = findings.get(index).filter(|finding| finding.fix.is_some());
    let found = finding.and_then(|finding| Some((finding, sources.get(finding.place.source)?)));
    let Some((finding, source)) = found else { return Err(format!("finding {index} has no fix")) };
    let text = fixed(source, &[finding])
        .map_err(|refusal| format!("it cannot be fixed: {}; {}", refusal.reason, refusal.help))?;
    Ok(File { name: source.file.to_owned(), bytes: text.into_bytes() })
}

fn findings(sources: &[Source<'_>]) -> Vec<Finding> {
    let paths = partners::paths();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    hallpass_lint::lint(sources, &Context { partner_paths: &paths })
}

fn sources(files: &[File]) -> (Vec<Source<'_>>, Vec<Problem>) {
    // A duplicate key in an object that no rule checks is not an error.
    let read = files.iter().map(|file| Source::read(&file.name, &file.bytes, |root, _| objects(root) > 0));
    let (sources, errors): (_, Vec<_>) = read.unzip();
    (sources, errors.into_iter().flatten().collect())
}

/// What is known of a rule of `lint`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LintRule {
    /// The name: `image-with-tag`.
    pub id: &'static str,
    /// How serious its findings are.
    #[cfg_attr(feature = "typescript", ts(type = "\"error\" | \"warning\" | \"note\""))]
    pub level: &'static str,
    /// What it finds.
    pub summary: &'static str,
    /// Why that matters, and what to do: Markdown.
    pub rationale: &'static str,
    /// YAML in which the rule finds something.
    pub bad: String,
    /// The same, fixed.
    pub good: String,
    /// Whether its findings have a fix.
    pub has_fix: bool,
}

impl From<&Rule> for LintRule {
    fn from(rule: &Rule) -> Self {
        LintRule {
            id: rule.id,
            level: rule.level.name(),
            summary: rule.summary,
            rationale: rule.rationale,
            bad: rule.bad(),
            good: rule.good(),
            has_fix: rule.has_fix(),
        }
    }
}

/// Returns every rule of `lint`, in the order of docs/lint.md.
#[must_use]
pub fn lint_rules() -> Vec<LintRule> {
    hallpass_lint::rules().iter().map(|rule| LintRule::from(*rule)).collect()
}
