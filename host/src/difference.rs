//! The result of `hallpass diff`, independent of the format. The JSON form is a contract: `schemas/diff.schema.json`.

use hallpass_author::difference::{Class, Example, Grant, VersionPair, grants, pairs};
use hallpass_policy::Allowlist;
use hallpass_report::Installed;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{Place, Problem};
use crate::text::counted;

/// What changes between the allowlists of two sides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DifferenceReport {
    schema_version: u32,
    /// The versions that differ, and allowlists that only one side has.
    pub(crate) allowlists: Vec<Difference>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) summary: Summary,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// Allowlists, of which each counts once with both versions.
    pub(crate) allowlists: usize,
    /// Differences that permit more.
    pub(crate) wider: usize,
    /// The part of `wider` that `--allow` accepts.
    pub(crate) allowed: usize,
    /// Differences that permit less.
    pub(crate) narrower: usize,
}

/// The differences of two versions of an allowlist.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Difference {
    pub(crate) old: Option<Version>,
    pub(crate) new: Option<Version>,
    /// What workloads may do under the new version only, by risk. Locations are in the new version.
    pub(crate) wider: Vec<Change>,
    /// What workloads may do under the old version only. Locations are in the old version.
    pub(crate) narrower: Vec<Change>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Version {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// One difference.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    #[serde(serialize_with = "name_of")]
    pub(crate) class: Class,
    /// Whether `--allow` accepts it.
    pub(crate) allowed: bool,
    pub(crate) container: Option<String>,
    /// The phrase after "may".
    pub(crate) may: String,
    /// For a pattern: a shortest text that only this version accepts.
    pub(crate) example: Option<String>,
    /// The patterns are too complex to compare, so this counts as a difference.
    pub(crate) undecided: bool,
    pub(crate) file: String,
    #[serde(flatten)]
    pub(crate) place: Place,
    /// JSON pointer, from the allowlist object.
    pub(crate) path: String,
}

fn name_of<S: serde::Serializer>(class: &Class, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(class.name())
}

impl DifferenceReport {
    /// Compares the allowlists of two sides. Wider differences of an `allowed` class do not fail the run.
    pub(crate) fn new(old: &Installed<'_>, new: &Installed<'_>, allowed: &[Class]) -> Self {
        let (old, new) = (Side(old), Side(new));
        let (of_old, of_new) = (old.lists(), new.lists());
        let mut report = DifferenceReport::invalid(Vec::new());
        let [old_names, new_names] =
            [&of_old, &of_new].map(|lists| lists.iter().map(|list| list.name).collect::<Vec<_>>());
        for VersionPair { old: before, new: after } in pairs(&old_names, &new_names) {
            let before = before.and_then(|index| of_old.get(index).copied());
            let after = after.and_then(|index| of_new.get(index).copied());
            let difference = Difference {
                old: old.version(before),
                new: new.version(after),
                wider: new.changes(after, before, allowed),
                narrower: old.changes(before, after, &[]),
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

    /// The report of a run that could not compare.
    pub(crate) fn invalid(errors: Vec<Problem>) -> Self {
        DifferenceReport {
            schema_version: 1,
            allowlists: Vec::new(),
            errors,
            warnings: Vec::new(),
            summary: Summary::default(),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        if self.errors.iter().any(Problem::is_internal) {
            Exit::Internal
        } else if !self.errors.is_empty() {
            Exit::Input
        } else if self.summary.wider > self.summary.allowed {
            Exit::Denied
        } else {
            Exit::Success
        }
    }

    /// `2 allowlists compared: 3 wider (1 allowed), 1 narrower`
    pub(crate) fn summary_line(&self) -> String {
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
    /// `acme-agent-v1 -> acme-agent-v2`
    pub(crate) fn title(&self) -> String {
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
    /// ``container `agent`: add the capability `SYS_ADMIN` ``
    pub(crate) fn words(&self) -> String {
        let container =
            self.container.as_ref().map(|name| format!("container `{name}`: ")).unwrap_or_default();
        format!("{container}{}", self.phrase())
    }

    /// ``set the environment variable `^A.*$`, such as `A` ``
    pub(crate) fn phrase(&self) -> String {
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
    /// Sorted by name.
    fn lists(&self) -> Vec<&'i Allowlist<'s>> {
        self.0.set.iter().collect()
    }

    fn version(&self, list: Option<&Allowlist<'_>>) -> Option<Version> {
        let name = list?.name;
        let (file, place) = self.0.locate(name, "/metadata/name", false)?;
        Some(Version { name: name.to_owned(), file, line: place.line })
    }

    /// What workloads may do under this version and not under the other.
    fn changes(
        &self,
        list: Option<&Allowlist<'_>>,
        other: Option<&Allowlist<'_>>,
        allowed: &[Class],
    ) -> Vec<Change> {
        let Some(list) = list else { return Vec::new() };
        let found = match other {
            Some(other) => grants(list, other),
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
                class: grant.class,
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
