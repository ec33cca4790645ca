//! The same field in the other version of a workload.

use std::cell::OnceCell;

use hallpass_document::{Value, push_key, unescape};
use hallpass_reader::Document;
use hallpass_report::read_workloads;
use serde::Serialize;

use crate::output::Outcome;

/// A field in the other version of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Counterpart {
    pub(crate) state: State,
    /// The value, if it is a text, a number or a boolean.
    pub(crate) value: Option<String>,
    pub(crate) file: String,
    /// The line of the field, or of the nearest field around it.
    pub(crate) line: u32,
}

/// The state of a field in the other version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum State {
    /// It does not have the field or the item.
    Absent,
    /// It has another value.
    Different,
    /// It has the same value.
    Equal,
}

/// A text that contains workloads.
pub(crate) struct Text {
    pub(crate) file: String,
    pub(crate) variant: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// The texts of one side, each read when a workload in it has another verdict.
pub(crate) struct Texts<'t>(Vec<(&'t Text, OnceCell<Vec<Document<'t>>>)>);

impl<'t> Texts<'t> {
    pub(crate) fn new(texts: &'t [Text]) -> Self {
        Texts(texts.iter().map(|text| (text, OnceCell::new())).collect())
    }

    /// Returns the document that contains a workload.
    fn document(&self, outcome: &Outcome) -> Option<&Document<'t>> {
        let contains = |text: &Text| text.file == outcome.file && text.variant == outcome.variant;
        let (text, documents) = self.0.iter().find(|(text, _)| contains(text))?;
        let documents =
            documents.get_or_init(|| read_workloads(&text.bytes).filter_map(Result::ok).collect());
        documents.iter().find(|document| document.index() == outcome.document)
    }
}

/// Returns the counterpart of the field at a pointer from the document of `outcome`.
pub(super) fn counterpart(
    (outcome, texts): (&Outcome, &Texts<'_>),
    pointer: &str,
    (other, other_texts): (&Outcome, &Texts<'_>),
) -> Option<Counterpart> {
    let (document, other_document) = (texts.document(outcome)?, other_texts.document(other)?);
    let below = pointer.strip_prefix(&*outcome.pointer)?;
    let mut at = document.get(&outcome.pointer);
    let mut there = other_document.get(&other.pointer);
    let mut path = other.pointer.clone();
    for step in below.split('/').skip(1).map(unescape) {
        let (next, other) = match (at, there) {
            (Some(Value::List(items)), Some(Value::List(others))) => {
                let item = step.parse().ok().and_then(|index: usize| items.get(index));
                let index = item.and_then(|item| partner(item, items, others));
                // A missing item has no place, so the place of the list is the nearest.
                index.inspect(|index| path.push_str(&format!("/{index}")));
                (item, index.and_then(|index| others.get(index)))
            }
            (at, there) => {
                if there.is_some() {
                    push_key(&mut path, &step);
                }
                (at.and_then(|value| child(value, &step)), there.and_then(|value| child(value, &step)))
            }
        };
        (at, there) = (next, other);
    }
    let state = match there {
        _ if at == there => State::Equal,
        None => State::Absent,
        Some(_) => State::Different,
    };
    Some(Counterpart {
        state,
        value: there.and_then(scalar),
        file: other.file.clone(),
        line: other_document.locate(&path).line,
    })
}

fn child<'v>(value: &'v Value<'v>, step: &str) -> Option<&'v Value<'v>> {
    match value {
        Value::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    }
}

/// Returns the index of an item's other version: the one with the same identity, or the argument for the same flag.
fn partner(item: &Value<'_>, items: &[Value<'_>], others: &[Value<'_>]) -> Option<usize> {
    /// The fields by which Kubernetes merges lists.
    const KEYS: [&str; 6] = ["name", "mountPath", "devicePath", "containerPort", "ip", "key"];
    let position = |is_wanted: &dyn Fn(&Value<'_>) -> bool| others.iter().position(is_wanted);
    if matches!(item, Value::Map(_)) {
        let has_key = KEYS.iter().any(|key| item.get(key).is_some());
        return position(&|other| has_key && KEYS.iter().all(|key| item.get(key) == other.get(key)));
    }
    let flag = |value: &Value<'_>| Some(value.as_str()?.split_once('=')?.0.to_owned());
    position(&|other| other == item).or_else(|| {
        let wanted = flag(item)?;
        position(&|other| flag(other).as_ref() == Some(&wanted) && !items.contains(other))
    })
}

fn scalar(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::String(text) => Some(text.clone().into_owned()),
        _ => None,
    }
}
