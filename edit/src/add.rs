//! Adds items and fields.

use hallpass_document::Value;
use hallpass_reader::Document;

use crate::editor::Editor;
use crate::node::{Kind, Node, children};
use crate::refusal::Refusal;
use crate::scalar::{Place, flow, flow_field};
use crate::yaml::{field, item};

/// A child to add to a list or map.
enum Child<'c> {
    Item(&'c Value<'c>),
    Field(&'c str, &'c Value<'c>),
}

impl Editor<'_> {
    /// Adds an item at the end of the list at a JSON pointer, in the notation of the list.
    ///
    /// # Errors
    /// Those of [`Editor::set`].
    pub fn append(&mut self, document: &Document<'_>, list: &str, item: &Value<'_>) -> Result<(), Refusal> {
        match document.get(list) {
            Some(Value::List(items)) if !items.is_empty() => self.add(document, list, &Child::Item(item)),
            Some(Value::List(_) | Value::Null) => self.set(document, list, &Value::List(vec![item.clone()])),
            _ => Err(Refusal::new("it is not a list", "write it as a list")),
        }
    }

    /// Adds a field at the end of the map at a JSON pointer, in the notation of the map.
    ///
    /// # Errors
    /// Those of [`Editor::set`], or the map has this field already.
    pub fn insert(
        &mut self,
        document: &Document<'_>,
        map: &str,
        key: &str,
        value: &Value<'_>,
    ) -> Result<(), Refusal> {
        match document.get(map) {
            Some(Value::Map(fields)) if fields.iter().any(|(known, _)| known == key) => {
                Err(Refusal::new(format!("the field `{key}` exists already"), "change it instead"))
            }
            Some(Value::Map(fields)) if !fields.is_empty() => {
                self.add(document, map, &Child::Field(key, value))
            }
            Some(Value::Map(_) | Value::Null) => {
                self.set(document, map, &Value::Map(vec![(key.to_owned().into(), value.clone())]))
            }
            _ => Err(Refusal::new("it is not a map", "write it as a map")),
        }
    }

    /// Adds a child after the last one.
    fn add(&mut self, document: &Document<'_>, pointer: &str, child: &Child<'_>) -> Result<(), Refusal> {
        let node = self.text.node(document, pointer)?;
        let children = children(document.get(pointer), pointer);
        let last = children.last().ok_or_else(Refusal::odd)?;
        if node.kind == Kind::Flow {
            let last = self.text.node(document, last)?;
            return self.add_in_flow(document, pointer, (&node, &last), child);
        }
        let layout = self.layout(document);
        let lines = match child {
            Child::Item(value) => item(value, layout),
            Child::Field(key, value) => field(key, value, layout),
        };
        let indent = match child {
            Child::Item(_) => self.text.column(self.text.node(document, last)?.mark()),
            Child::Field(..) => self.text.column(node.start),
        };
        let next = self.text.lines_end(document, pointer, &node)?;
        let added = self.insert_lines(next, &lines, indent)?;
        self.grow(&node).inspect_err(|_| drop(self.edits.take(added)))
    }

    fn add_in_flow(
        &mut self,
        document: &Document<'_>,
        pointer: &str,
        (node, last): (&Node, &Node),
        child: &Child<'_>,
    ) -> Result<(), Refusal> {
        let end = self.text.end(last)?;
        let place = match self.place_in(document, pointer)? {
            Place::Json => Place::Json,
            _ => Place::Flow,
        };
        let new = match child {
            Child::Item(value) => flow(value, place),
            Child::Field(key, value) => flow_field(key, value, place),
        };
        let before = self.text.before(self.flow_start(last));
        let separator = match before.trim().is_empty() {
            true => format!(",{}{before}", self.text.ending()),
            false => ", ".to_owned(),
        };
        let added = self.edits.add(end..end, format!("{separator}{new}"))?;
        self.grow(node).inspect_err(|_| drop(self.edits.take(added)))
    }
}
