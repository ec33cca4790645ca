//! The result of `hallpass diff`, independent of the format. The JSON form is a contract: `schemas/diff.schema.json`.

use std::path::Path;

use hallpass_author::difference::{Class, Example, Grant, VersionPair, Work, grants, namesakes, pairs};
use hallpass_document::counted;
use hallpass_policy::Allowlist;
use serde::Serialize;

use crate::allowlists::{Installed, parse_all};
use crate::problem::Problem;
use crate::report::{Place, Report};

/// What changes between the allowlists of two sides.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DifferenceReport {
    /// Incremented when a field changes its meaning or is removed.
    pub schema_version: u32,
    /// The versions that differ, and allowlists that only one side has.
    pub allowlists: Vec<Difference>,
    /// Why nothing was compared.
    pub errors: Vec<Problem>,
    /// Parts of the new side that have no effect.
    pub warnings: Vec<Problem>,
    /// The counts.
    pub summary: Summary,
}

/// The counts of a comparison.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "DifferenceSummary"))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Allowlists, of which each counts once with both versions.
    pub allowlists: usize,
    /// Differences that permit more.
    pub wider: usize,
    /// The part of `wider` that `--allow` accepts.
    pub allowed: usize,
    /// Differences that permit less.
    pub narrower: usize,
}

/// The differences of two versions of an allowlist.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// `None` if only the new side has the allowlist.
    pub old: Option<Version>,
    /// `None` if only the old side has the allowlist.
    pub new: Option<Version>,
    /// What workloads may do under the new version only, by risk. Locations are in the new version.
    pub wider: Vec<Change>,
    /// What workloads may do under the old version only. Locations are in the old version.
    pub narrower: Vec<Change>,
}

/// An allowlist, as one version of two.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "AllowlistVersion"))]
pub struct Version {
    /// Its name.
    pub name: String,
    /// The file that contains it.
    pub file: String,
    /// The line of its name.
    pub line: u32,
}

/// One difference.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The kind of the difference.
    #[cfg_attr(feature = "typescript", ts(as = "Class"))]
    pub class: &'static str,
    /// Whether `--allow` accepts it.
    pub allowed: bool,
    /// The container; `None` if the difference concerns the whole Pod.
    pub container: Option<String>,
    /// The phrase after "may".
    pub may: String,
    /// For a pattern: a shortest text that only this version accepts.
    pub example: Option<String>,
    /// The patterns are too complex to compare, so this counts as a difference.
    pub undecided: bool,
    /// The file of the version.
    pub file: String,
    /// The position in the file.
    #[serde(flatten)]
    pub place: Place,
    /// JSON pointer, from the allowlist object.
    pub path: String,
}

/// Pairs the names in two lists that are versions of each other.
type Pairs = fn(&[&str], &[&str]) -> Vec<VersionPair>;

impl DifferenceReport {
    /// Compares the allowlists in the files of two sides, as names and contents. Wider differences of an `allowed` class do
    /// not fail the run.
    #[must_use]
    pub fn between<'f>(
        old: impl IntoIterator<Item = (&'f str, &'f [u8])>,
        new: impl IntoIterator<Item = (&'f str, &'f [u8])>,
        allowed: &[Class],
    ) -> Self {
        DifferenceReport::of(old, new, allowed, pairs)
    }

    /// Compares a file with an extended version of it, in which every allowlist keeps its name.
    #[must_use]
    pub fn additions(old: (&str, &[u8]), new: (&str, &[u8])) -> Self {
        DifferenceReport::of([old], [new], &[], namesakes)
    }

    fn of<'f>(
        old: impl IntoIterator<Item = (&'f str, &'f [u8])>,
        new: impl IntoIterator<Item = (&'f str, &'f [u8])>,
        allowed: &[Class],
        pairs: Pairs,
    ) -> Self {
        let (mut of_old, mut of_new) = (Report::default(), Report::default());
        let old = parse_all(old, &mut of_old.errors);
        let new = parse_all(new, &mut of_new.errors);
        // Without paths, a side may have no allowlists, such as the old side of the first allowlist.
        let nowhere: [&Path; 0] = [];
        let old = Installed::new(&old, &nowhere, &mut of_old);
        let new = Installed::new(&new, &nowhere, &mut of_new);
        let errors: Vec<Problem> = of_old.errors.into_iter().chain(of_new.errors).collect();
        if !errors.is_empty() {
            return DifferenceReport::invalid(errors);
        }
        let mut report = DifferenceReport::new(&old, &new, allowed, pairs);
        // Only the warnings of the new side concern the change.
        report.warnings = of_new.warnings;
        if report.summary.allowlists == 0 {
            let problem = Problem::new("", "neither side contains a WorkloadAllowlist");
            report
                .errors
                .push(problem.help("check the paths; `hallpass diff --workloads` compares workloads"));
        }
        report
    }

    fn new(old: &Installed<'_>, new: &Installed<'_>, allowed: &[Class], pairs: Pairs) -> Self {
        let (old, new) = (Side(old), Side(new));
        let (of_old, of_new) = (old.lists(), new.lists());
        let mut report = DifferenceReport::invalid(Vec::new());
        let mut work = Work::default();
        let [old_names, new_names] =
            [&of_old, &of_new].map(|lists| lists.iter().map(|list| list.name).collect::<Vec<_>>());
        for VersionPair { old: before, new: after } in pairs(&old_names, &new_names) {
            let before = before.and_then(|index| of_old.get(index).copied());
            let after = after.and_then(|index| of_new.get(index).copied());
            let difference = Difference {
                old: old.version(before),
                new: new.version(after),
                wider: new.changes(after, before, allowed, &mut work),
                narrower: old.changes(before, after, &[], &mut work),
            };
            report.summary.allowlists += 1;
            report.summary.wider += difference.wider.len();
            report.summary.allowed += difference.wider.iter().filter(|change| change.allowed).count();
            report.summary.narrower += difference.narrower.len();
            if !difference.wider.is_empty() || !difference.narrower.is_empty() {
                report.allowlists.push(difference);
            }
        }
        report
    }

    /// Returns the report of a run that could not compare.
    #[must_use]
    pub fn invalid(errors: Vec<Problem>) -> Self {
        DifferenceReport {
            schema_version: 1,
            allowlists: Vec::new(),
            errors,
            warnings: Vec::new(),
            summary: Summary::default(),
        }
    }

    /// Returns the counts on one line: `2 allowlists compared: 3 wider (1 allowed), 1 narrower`.
    #[must_use]
    pub fn summary_line(&self) -> String {
        let Summary { allowlists, wider, allowed, narrower } = self.summary;
        let compared = format!("{} compared", counted(allowlists, "allowlist"));
        let allowed = if allowed > 0 { format!(" ({allowed} allowed)") } else { String::new() };
        match (wider, narrower) {
            (0, 0) => format!("{compared}: no difference"),
            _ => format!("{compared}: {wider} wider{allowed}, {narrower} narrower"),
        }
    }
}

impl Difference {
    /// Names both versions: `acme-agent-v1 -> acme-agent-v2`.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if old.name == new.name => new.name.clone(),
            (Some(old), Some(new)) => format!("{} -> {}", old.name, new.name),
            (None, Some(new)) => format!("{} (new)", new.name),
            (Some(old), None) => format!("{} (removed)", old.name),
            (None, None) => String::new(),
        }
    }
}

impl Change {
    /// Returns the phrase with its container: ``container `agent`: add the capability `SYS_ADMIN` ``.
    #[must_use]
    pub fn words(&self) -> String {
        let container =
            self.container.as_ref().map(|name| format!("container `{name}`: ")).unwrap_or_default();
        format!("{container}{}", self.phrase())
    }

    /// Returns the phrase after "may" with its example: ``set the environment variable `^A.*$`, such as `A` ``.
    #[must_use]
    pub fn phrase(&self) -> String {
        let example = match &self.example {
            Some(text) if text.is_empty() => ", such as an empty text".to_owned(),
            Some(text) => format!(", such as `{text}`"),
            None if self.undecided => ", which is too complex to compare".to_owned(),
            None => String::new(),
        };
        format!("{}{example}", self.may)
    }
}

/// The allowlists of one side.
struct Side<'i, 's>(&'i Installed<'s>);

impl<'i, 's> Side<'i, 's> {
    /// Returns the allowlists, sorted by name.
    fn lists(&self) -> Vec<&'i Allowlist<'s>> {
        self.0.set.iter().collect()
    }

    fn version(&self, list: Option<&Allowlist<'_>>) -> Option<Version> {
        let name = list?.name;
        let (file, place) = self.0.locate(name, "/metadata/name", false)?;
        Some(Version { name: name.to_owned(), file, line: place.line })
    }

    /// Returns the things that workloads may do under this version and not under the other.
    fn changes(
        &self,
        list: Option<&Allowlist<'_>>,
        other: Option<&Allowlist<'_>>,
        allowed: &[Class],
        work: &mut Work,
    ) -> Vec<Change> {
        let Some(list) = list else { return Vec::new() };
        let found = match other {
            Some(other) => grants(list, other, work),
            None => vec![Grant {
                class: Class::Allowlist,
                container: None,
                may: format!("be exempted by `{}`", list.name),
                path: "/metadata/name".to_owned(),
                example: None,
            }],
        };
        let locate = |grant: Grant| {
            let (file, place) = self.0.locate(list.name, &grant.path, true)?;
            let (example, undecided) = match grant.example {
                Some(Example::Text(text)) => (Some(text), false),
                Some(Example::Undecided) => (None, true),
                None => (None, false),
            };
            Some(Change {
                class: grant.class.name(),
                allowed: allowed.contains(&grant.class),
                container: grant.container,
                may: grant.may,
                example,
                undecided,
                file,
                place,
                path: grant.path,
            })
        };
        found.into_iter().filter_map(locate).collect()
    }
}
