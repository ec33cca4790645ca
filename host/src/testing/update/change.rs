//! What to change in an expectation, so that the results meet it.

use hallpass_policy::Verdict;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::Refusal;
use super::scalar::flow;
use crate::testing::compare::{Actual, Finding};
use crate::testing::file::{Expect, Item};

/// A change of a field of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) field: &'static str,
    /// The new value; `None` to remove the field.
    pub(crate) new: Option<New>,
    /// The old value, in YAML.
    pub(crate) old: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum New {
    Text(String),
    List(Vec<Item>),
}

impl Change {
    /// Returns the new value in YAML, on one line.
    pub(crate) fn shown(&self) -> Option<String> {
        Some(match self.new.as_ref()? {
            New::Text(text) => text.clone(),
            New::List(items) => flow(items, self.field, false),
        })
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 3)?;
        change.serialize_field("field", self.field)?;
        change.serialize_field("new", &self.shown())?;
        change.serialize_field("old", &self.old)?;
        change.end()
    }
}

/// Returns the changes of a test whose workloads have these results: of the fields that differ, or of a whole
/// expectation if the test has none.
///
/// # Errors
/// The workloads differ in a field, or a result is not completely known.
pub(super) fn changes(expect: Option<&Expect>, actuals: &[Actual<'_>]) -> Result<Vec<Change>, Refusal> {
    let Some(expect) = expect else { return whole(actuals) };
    let mut changes = Vec::new();
    if let Some(old) = &expect.verdict {
        let new = common("verdict", actuals, |actual| actual.verdict.name().to_owned())?;
        changes.push(Change { field: "verdict", new: Some(New::Text(new)), old: Some(old.clone()) });
    }
    if let Some(old) = &expect.allowlist {
        let new = common("allowlist", actuals, |actual| actual.allowlist.map(str::to_owned))?;
        let is_only = *expect == Expect { allowlist: Some(old.clone()), ..Expect::default() };
        if new.is_none() && is_only {
            // An expectation must not be empty.
            let verdict = common("verdict", actuals, |actual| actual.verdict.name().to_owned())?;
            changes.push(Change { field: "verdict", new: Some(New::Text(verdict)), old: None });
        }
        changes.push(Change { field: "allowlist", new: new.map(New::Text), old: Some(old.clone()) });
    }
    if let Some(old) = &expect.constraints {
        if let Some(id) = actuals.iter().find_map(|actual| actual.incomplete(old)) {
            let reason = format!("the report does not list all violations of `{id}`");
            return Err(Refusal::new(reason, format!("expect `{id}` without paths")));
        }
        let paths = has_paths(old);
        let new = common("constraints", actuals, |actual| items(&actual.constraints, paths))?;
        changes.push(list("constraints", new, old));
    }
    if let Some(old) = &expect.mismatches {
        let paths = has_paths(old) || old.is_empty();
        let new = mismatches(actuals, paths)?;
        changes.push(list("mismatches", new, old));
    }
    let meets = |change: &Change| match (&change.new, change.field) {
        // The order does not matter.
        (Some(New::List(new)), "constraints") => alike(new, expect.constraints.as_deref()),
        (Some(New::List(new)), "mismatches") => alike(new, expect.mismatches.as_deref()),
        _ => change.shown() == change.old,
    };
    changes.retain(|change| !meets(change));
    Ok(changes)
}

fn list(field: &'static str, new: Vec<Item>, old: &[Item]) -> Change {
    Change { field, new: Some(New::List(new)), old: Some(flow(old, field, false)) }
}

fn alike(one: &[Item], other: Option<&[Item]>) -> bool {
    let other = other.unwrap_or_default();
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}

fn has_paths(items: &[Item]) -> bool {
    items.iter().any(|item| matches!(item, Item::At { .. }))
}

/// Returns a new expectation: the verdict, and its reasons.
fn whole(actuals: &[Actual<'_>]) -> Result<Vec<Change>, Refusal> {
    let verdict = common("verdict", actuals, |actual| actual.verdict)?;
    let allowlist = common("allowlist", actuals, |actual| actual.allowlist.map(str::to_owned))?;
    let mut changes =
        vec![Change { field: "verdict", new: Some(New::Text(verdict.name().to_owned())), old: None }];
    if let Some(allowlist) = allowlist {
        changes.push(Change { field: "allowlist", new: Some(New::Text(allowlist)), old: None });
    }
    if verdict == Verdict::Denied {
        let constraints = common("constraints", actuals, |actual| items(&actual.constraints, false))?;
        changes.push(Change { field: "constraints", new: Some(New::List(constraints)), old: None });
        let mismatches = mismatches(actuals, true)?;
        if !mismatches.is_empty() {
            changes.push(Change { field: "mismatches", new: Some(New::List(mismatches)), old: None });
        }
    }
    Ok(changes)
}

fn mismatches(actuals: &[Actual<'_>], paths: bool) -> Result<Vec<Item>, Refusal> {
    if actuals.iter().any(|actual| actual.unlisted > 0) {
        return Err(Refusal::new(
            "the report does not list all mismatches",
            "expect only the verdict, or load an allowlist that is closer to the workload",
        ));
    }
    common("mismatches", actuals, |actual| items(&actual.mismatches, paths))
}

/// Returns findings as items, without duplicates.
fn items(findings: &[Finding<'_>], paths: bool) -> Vec<Item> {
    let mut items = Vec::new();
    for finding in findings {
        let id = finding.id.clone();
        let item = if paths { Item::At { id, path: finding.path.to_owned() } } else { Item::Id(id) };
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items
}

/// Returns a result that all workloads have in common.
fn common<'o, T: PartialEq>(
    field: &str,
    actuals: &[Actual<'o>],
    of: impl Fn(&Actual<'o>) -> T,
) -> Result<T, Refusal> {
    let mut values = actuals.iter().map(of);
    let first = values.next();
    match first {
        Some(first) if values.all(|other| other == first) => Ok(first),
        _ => Err(Refusal::new(
            format!("the workloads of this test differ in `{field}`"),
            "write a test for each of them, with `kind`, `namespace` or `name`",
        )),
    }
}

/// Returns the expectation after the changes.
pub(super) fn apply(expect: Option<&Expect>, changes: &[Change]) -> Expect {
    let mut expect = expect.cloned().unwrap_or_default();
    for change in changes {
        match (change.field, &change.new) {
            ("verdict", Some(New::Text(text))) => expect.verdict = Some(text.clone()),
            ("allowlist", Some(New::Text(text))) => expect.allowlist = Some(text.clone()),
            ("constraints", Some(New::List(items))) => expect.constraints = Some(items.clone()),
            ("mismatches", Some(New::List(items))) => expect.mismatches = Some(items.clone()),
            // Only the allowlist can be absent.
            _ => expect.allowlist = None,
        }
    }
    expect
}
