//! The result of `hallpass lint`, independent of the format. The JSON form is a contract: `schemas/lint.schema.json`.

use std::collections::HashMap;

use hallpass_reader::Document;
use hallpass_report::{LineIndex, Place as Located, Problem, resolve, resolve_key};
use serde::Serialize;

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
    /// Input that could not be read.
    pub errors: Vec<Problem>,
    /// The counts.
    pub summary: LintSummary,
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
    /// What `--fix` does: "remove the tag".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub fix: Option<String>,
    /// The reason of the comment that suppresses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub suppressed: Option<String>,
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
    /// Findings that are not suppressed, by level.
    pub errors: usize,
    /// The same.
    pub warnings: usize,
    /// The same.
    pub notes: usize,
    /// Findings that a comment suppresses.
    pub suppressed: usize,
    /// Findings of an earlier state of the files, which this run has fixed.
    pub fixed: usize,
}

impl Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl LintReport {
    /// Locates findings in their files.
    #[must_use]
    pub fn new(sources: &[Source<'_>], findings: &[Finding]) -> Self {
        let mut lines = HashMap::new();
        let mut summary = LintSummary::default();
        for source in sources {
            let count: usize = source.documents.iter().map(|document| objects(document.root())).sum();
            summary.files += usize::from(count > 0);
            summary.objects += count;
        }
        let mut report = LintReport { schema_version: 1, findings: Vec::new(), errors: Vec::new(), summary };
        for finding in findings {
            report.summary.count(finding);
            report.findings.extend(located(finding, sources, &mut lines));
        }
        report
    }
}

impl LintSummary {
    fn count(&mut self, finding: &Finding) {
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
    let (file, document, place) = locate(&finding.place, sources, lines)?;
    let related = finding.related.as_ref().and_then(|(place, message)| {
        let (file, _, place) = locate(place, sources, lines)?;
        Some(RelatedPlace { file: file.to_owned(), place, message: message.clone() })
    });
    Some(LintFinding {
        rule: finding.rule.id,
        level: finding.level,
        file: file.to_owned(),
        template: document.template().map(str::to_owned),
        place,
        path: finding.place.pointer.clone(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        related,
        fix: finding.fix.as_ref().map(|fix| fix.title.clone()),
        suppressed: finding.suppressed.clone(),
    })
}

fn locate<'s>(
    place: &Place,
    sources: &'s [Source<'s>],
    lines: &mut Lines<'s>,
) -> Option<(&'s str, &'s Document<'s>, Located)> {
    let source = sources.get(place.source)?;
    let document = source.documents.get(place.document)?;
    let lines = &*lines.entry(place.source).or_insert_with(|| LineIndex::new(source.bytes));
    let is_whole = document.locate(&place.pointer).width == 0;
    // For a whole map or list, the key is the best location.
    let located = match place.in_key || is_whole {
        true => resolve_key(document, &place.pointer, Some(lines)),
        false => resolve(document, &place.pointer, Some(lines)),
    };
    Some((source.file, document, located))
}
