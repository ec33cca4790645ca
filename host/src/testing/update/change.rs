//! The changes with which the results meet an expectation.

use hallpass_document::Value;
use hallpass_edit::{Refusal, inline};
use hallpass_policy::Verdict;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

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
            list => inline(&list.value(self.field)),
        })
    }
}

impl New {
    /// Returns the value of a field.
    pub(super) fn value(&self, field: &str) -> Value<'_> {
        match self {
            New::Text(text) => Value::String(text.into()),
            New::List(items) => list_of(items, field),
        }
    }
}

fn list_of<'i>(items: &'i [Item], field: &str) -> Value<'i> {
    Value::List(items.iter().map(|written| item(written, field)).collect())
}

/// Returns an item of a list.
pub(super) fn item<'i>(item: &'i Item, field: &str) -> Value<'i> {
    let text = |text: &'i str| Value::String(text.into());
    match item {
        Item::Id(id) => text(id),
        Item::At { id, path } => {
            let name = if field == "constraints" { "constraint" } else { "rule" };
            Value::Map(vec![(name.into(), text(id)), ("path".into(), text(path))])
        }
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

/// Returns the changes of a test whose workloads have these results: the fields that differ, or a whole expectation if the test
/// has none.
///
/// # Errors
/// The workloads differ in a field, or a result is not completely known.
pub(super) fn changes(expect: Option<&Expect>, actuals: &[Actual<'_>]) -> Result<Vec<Change>, Refusal> {
    let Some(expect) = expect else { return whole(actuals) };
    let mut changes = Vec::new();
    let mut denied = false;
    // The field that states another verdict, and is replaced with this one.
    let mut replaced = None;
    if let Some((field, old)) = expect.verdict() {
        let verdict = common("verdict", actuals, |actual| actual.verdict)?;
        denied = verdict == Verdict::Denied;
        // An empty list of mismatches does not state a verdict.
        let is_emptied = field == "mismatches" && denied && mismatches(actuals, &[])?.is_empty();
        let is_stated = field == "verdict";
        if !is_stated && (verdict.name() != old || is_emptied) {
            replaced = Some(field);
        }
        if is_stated || replaced.is_some() {
            let new = Some(New::Text(verdict.name().to_owned()));
            changes.push(Change { field: "verdict", new, old: is_stated.then(|| old.to_owned()) });
        }
    }
    if let Some(old) = &expect.allowlist {
        let new = common("allowlist", actuals, |actual| actual.allowlist.map(str::to_owned))?;
        let new = new.filter(|_| replaced != Some("allowlist")).map(New::Text);
        changes.push(Change { field: "allowlist", new, old: Some(old.clone()) });
    }
    if let Some(old) = &expect.constraints {
        let new = common("constraints", actuals, |actual| merged(old, &actual.constraints, has_paths(old)))?;
        if let Some(id) = actuals.iter().find_map(|actual| actual.incomplete(&new)) {
            let reason = format!("the report does not list all violations of `{id}`");
            return Err(Refusal::new(reason, format!("expect `{id}` without paths")));
        }
        changes.push(list("constraints", Some(new), old));
    }
    if let Some(old) = &expect.mismatches {
        let new = match denied && replaced.is_none() {
            true => Some(mismatches(actuals, old)?),
            false => None,
        };
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

fn list(field: &'static str, new: Option<Vec<Item>>, old: &[Item]) -> Change {
    Change { field, new: new.map(New::List), old: Some(inline(&list_of(old, field))) }
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
        let constraints = common("constraints", actuals, |actual| merged(&[], &actual.constraints, false))?;
        changes.push(Change { field: "constraints", new: Some(New::List(constraints)), old: None });
        let mismatches = mismatches(actuals, &[])?;
        if !mismatches.is_empty() {
            changes.push(Change { field: "mismatches", new: Some(New::List(mismatches)), old: None });
        }
    }
    Ok(changes)
}

fn mismatches(actuals: &[Actual<'_>], old: &[Item]) -> Result<Vec<Item>, Refusal> {
    if actuals.iter().any(|actual| actual.unlisted > 0) {
        return Err(Refusal::new(
            "the report does not list all mismatches",
            "expect only the verdict, or load an allowlist that is closer to the workload",
        ));
    }
    let paths = has_paths(old) || old.is_empty();
    common("mismatches", actuals, |actual| merged(old, &actual.mismatches, paths))
}

/// Returns the items that findings meet, in their order, and then items for the other findings.
fn merged(old: &[Item], findings: &[Finding<'_>], paths: bool) -> Vec<Item> {
    let is_met = |item: &&Item| findings.iter().any(|finding| item.expects(finding));
    let mut items: Vec<Item> = old.iter().filter(is_met).cloned().collect();
    for finding in findings {
        if !items.iter().any(|item| item.expects(finding)) {
            let id = finding.id.clone();
            items.push(if paths { Item::At { id, path: finding.path.to_owned() } } else { Item::Id(id) });
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
            ("mismatches", None) => expect.mismatches = None,
            // No other field is removed.
            _ => expect.allowlist = None,
        }
    }
    expect
}
