//! The result of `hallpass lint`, independent of the format. The JSON form is a contract: `schemas/lint.schema.json`.

use std::collections::HashMap;

use hallpass_document::{Position, Value};
use hallpass_reader::{Document, Location};
use hallpass_report::{LineIndex, Place as Located, Problem, resolve, resolve_key};
use serde::Serialize;

use crate::each::Each;
use crate::finding::{Finding, Place};
use crate::object::{Source, objects};
use crate::rule::Level;

/// What was found in files.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LintReport {
    schema_version: u32,
    /// The findings, by file and position.
    pub findings: Vec<LintFinding>,
    /// The findings of an earlier state of the files, which this run has fixed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<LintFix>>"))]
    pub fixed: Vec<LintFix>,
    /// Input that could not be read.
    pub errors: Vec<Problem>,
    /// The counts.
    pub summary: LintSummary,
    /// The names of the files with objects that rules check.
    #[serde(skip)]
    pub files: Vec<String>,
}

/// A finding with its position.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LintFinding {
    /// The name of the rule: `image-with-tag`.
    pub rule: &'static str,
    /// How serious it is.
    #[cfg_attr(feature = "typescript", ts(type = "\"error\" | \"warning\" | \"note\""))]
    pub level: Level,
    /// The name of the file.
    pub file: String,
    /// The template that Helm rendered to the document, if the file names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub template: Option<String>,
    /// The location of the value, or of its key if the key is wrong or the value is a map or a list.
    #[serde(flatten)]
    pub place: Located,
    /// JSON pointer to the value, from the root of the document.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub help: Option<String>,
    /// A location to compare it with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub related: Option<RelatedPlace>,
    /// The change that fixes it: "remove the tag".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub fix: Option<String>,
    /// Whether the fix may permit more: then `--fix-all` makes it, and `--fix` does not.
    #[serde(rename = "mayPermitMore", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub may_permit_more: Option<bool>,
    /// Why the fix cannot be made.
    #[serde(rename = "notFixed", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub not_fixed: Option<String>,
    /// The reason of the comment that suppresses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub suppressed: Option<String>,
}

/// A finding that is fixed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LintFix {
    /// The name of the rule.
    pub rule: &'static str,
    /// The name of the file.
    pub file: String,
    /// The line of the finding in the file as it was before the run.
    pub line: u32,
    /// The change: "remove the tag".
    pub fix: String,
    /// Whether it may permit more.
    pub may_permit_more: bool,
}

/// A location to compare a finding with.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RelatedPlace {
    /// The name of the file.
    pub file: String,
    /// The location.
    #[serde(flatten)]
    pub place: Located,
    /// What is there.
    pub message: String,
}

/// The counts of a run.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LintSummary {
    /// Files with objects that rules check.
    pub files: usize,
    /// The objects that rules check.
    pub objects: usize,
    /// Errors that no comment suppresses.
    pub errors: usize,
    /// Warnings that no comment suppresses.
    pub warnings: usize,
    /// Notes that no comment suppresses.
    pub notes: usize,
    /// Findings that a comment suppresses.
    pub suppressed: usize,
    /// Findings of an earlier state of the files, which this run has fixed.
    pub fixed: usize,
    /// Files in searched folders that contain no such object.
    pub skipped: usize,
}

impl Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl LintReport {
    /// Locates findings in their files, in the order of the files. `is_own` says whether a document is of a kind that only
    /// the program checks, and `each` distributes the work.
    #[must_use]
    pub fn new(
        sources: &[Source<'_>],
        findings: &[Finding],
        is_own: impl Fn(&Value<'_>) -> bool + Sync,
        each: &impl Each,
    ) -> Self {
        let mut report = LintReport {
            schema_version: 1,
            findings: Vec::new(),
            fixed: Vec::new(),
            errors: Vec::new(),
            summary: LintSummary::default(),
            files: Vec::new(),
        };
        let counts = each.each(sources.iter().collect(), |source| {
            let roots = source.documents.iter().map(Document::root);
            roots.map(|root| objects(root) + usize::from(is_own(root))).sum::<usize>()
        });
        for (source, count) in sources.iter().zip(counts) {
            if count > 0 {
                report.files.push(source.file.to_owned());
                report.summary.files += 1;
                report.summary.objects += count;
            }
        }
        let by_file = findings.chunk_by(|one, next| one.place.source == next.place.source).collect();
        let by_file = each.each(by_file, |findings| {
            let mut lines = HashMap::new();
            let located = findings.iter().filter_map(|finding| located(finding, sources, &mut lines));
            located.collect::<Vec<_>>()
        });
        report.findings = by_file.into_iter().flatten().collect();
        report.findings.iter().for_each(|finding| report.summary.count(finding));
        report
    }
}

impl LintSummary {
    fn count(&mut self, finding: &LintFinding) {
        *match (&finding.suppressed, finding.level) {
            (Some(_), _) => &mut self.suppressed,
            (None, Level::Error) => &mut self.errors,
            (None, Level::Warning) => &mut self.warnings,
            (None, Level::Note) => &mut self.notes,
        } += 1;
    }

    /// Whether a finding fails the run.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.errors + self.warnings > 0
    }
}

/// The lines of files, by the index of the file.
type Lines<'s> = HashMap<usize, LineIndex<'s>>;

/// Returns a finding with its position; `None` if its place is in no document.
fn located<'s>(finding: &Finding, sources: &'s [Source<'s>], lines: &mut Lines<'s>) -> Option<LintFinding> {
    let source = sources.get(finding.place.source)?;
    let document = source.documents.get(finding.place.document);
    let related = finding.related.as_ref().and_then(|(place, message)| {
        let source = sources.get(place.source)?;
        let document = source.documents.get(place.document)?;
        let place = locate(place, document, lines_of(place.source, source, lines));
        Some(RelatedPlace { file: source.file.to_owned(), place, message: message.clone() })
    });
    let lines = lines_of(finding.place.source, source, lines);
    let place = match finding.at {
        Some(Position { line, column, width }) => {
            hallpass_report::place(&Location { line, column, width, anchor: None, exact: true }, Some(lines))
        }
        None => locate(&finding.place, document?, lines),
    };
    Some(LintFinding {
        rule: finding.rule.id,
        level: finding.level,
        file: source.file.to_owned(),
        template: document.and_then(Document::template).map(str::to_owned),
        place,
        path: finding.place.pointer.clone(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        related,
        fix: finding.fix.as_ref().map(|fix| fix.title.clone()),
        may_permit_more: finding.fix.is_some().then(|| finding.may_permit_more()),
        not_fixed: finding.not_fixed.clone(),
        suppressed: finding.suppressed.clone(),
    })
}

fn lines_of<'l, 's>(index: usize, source: &Source<'s>, lines: &'l mut Lines<'s>) -> &'l LineIndex<'s> {
    lines.entry(index).or_insert_with(|| LineIndex::new(source.bytes))
}

fn locate(place: &Place, document: &Document<'_>, lines: &LineIndex<'_>) -> Located {
    let is_whole = document.locate(&place.pointer).width == 0;
    // For a whole map or list, the key is the best location.
    match place.in_key || is_whole {
        true => resolve_key(document, &place.pointer, Some(lines)),
        false => resolve(document, &place.pointer, Some(lines)),
    }
}
