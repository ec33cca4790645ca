//! Replaces values and keys.

use std::ops::Range;

use hallpass_document::Value;
use hallpass_reader::Document;

use crate::editor::Editor;
use crate::node::{Kind, Node};
use crate::refusal::Refusal;
use crate::scalar::{Place, Quotes, flow, string};
use crate::yaml::{indented, is_nested, lines};

impl Editor<'_> {
    /// Replaces the value at a JSON pointer of a document of the file. A string keeps the quotes of the old value, a list or
    /// map its notation, and an item that stays its lines. An equal value changes nothing.
    ///
    /// # Errors
    /// The value is shared through an anchor, or has an anchor, a tag or an unusual notation; a comment would be lost; or
    /// it is already changed.
    pub fn set(&mut self, document: &Document<'_>, pointer: &str, value: &Value<'_>) -> Result<(), Refusal> {
        if document.get(pointer) == Some(value) {
            return Ok(());
        }
        let node = self.text.node(document, pointer)?;
        match self.place_of(document, pointer)? {
            Place::Block if self.needs_lines(document, pointer, &node, value) => {
                let before = (self.edits.clone(), self.changed.clone());
                let set = match (&node.key, document.get(pointer), value) {
                    (Some(_), Some(Value::List(old)), Value::List(new)) if node.kind == Kind::Block => {
                        self.set_items(document, pointer, old, new)
                    }
                    (Some(_), ..) => self.set_field(document, pointer, &node, value),
                    (None, ..) => self.set_item(document, pointer, &node, value),
                };
                set.inspect_err(|_| (self.edits, self.changed) = before)
            }
            place => self.set_inline(document, pointer, &node, value, place),
        }
    }

    /// Whether a value is or was written on several lines. A list or map of scalars may stay in brackets.
    fn needs_lines(&self, document: &Document<'_>, pointer: &str, node: &Node, value: &Value<'_>) -> bool {
        let stays =
            || node.kind == Kind::Flow && document.get(pointer).is_some_and(is_nested) && is_flat(value);
        matches!(node.kind, Kind::Block | Kind::Lines) || is_nested(value) && !stays()
    }

    /// Replaces a key.
    ///
    /// # Errors
    /// Those of [`Editor::set`], or the map has this key already.
    pub fn rename(&mut self, document: &Document<'_>, pointer: &str, key: &str) -> Result<(), Refusal> {
        let node = self.text.node(document, pointer)?;
        let (above, _) = pointer.rsplit_once('/').unwrap_or_default();
        let Some(old) = node.key else {
            return Err(Refusal::new("it has no key", "rename a field of a map"));
        };
        if let Some(Value::Map(fields)) = document.get(above)
            && fields.iter().any(|(other, _)| other == key)
        {
            return Err(Refusal::new(format!("the field `{key}` exists already"), "remove one of the two"));
        }
        let quotes = Quotes::of(self.text.get(old.start, old.end));
        let place = self.place_of(document, pointer)?;
        self.edit(old, string(key, quotes, place))
    }

    /// Replaces a value on one line or in brackets.
    fn set_inline(
        &mut self,
        document: &Document<'_>,
        pointer: &str,
        node: &Node,
        value: &Value<'_>,
        place: Place,
    ) -> Result<(), Refusal> {
        let end = self.text.end(node)?;
        let old = node.start..end;
        self.require_no_comment(document, pointer, old.clone())?;
        let new = match value {
            Value::String(text) => string(text, Quotes::of(self.text.get(node.start, end)), place),
            _ => flow(value, place),
        };
        let blank = if end == node.lead { " " } else { "" };
        self.edit(old, format!("{blank}{new}"))
    }

    /// Replaces the items of a list. The lines of items that stay in their order do not change.
    fn set_items(
        &mut self,
        document: &Document<'_>,
        pointer: &str,
        old: &[Value<'_>],
        new: &[Value<'_>],
    ) -> Result<(), Refusal> {
        let mut new = new.iter().peekable();
        for (index, item) in old.iter().enumerate() {
            if new.next_if_eq(&item).is_none() {
                self.remove(document, &format!("{pointer}/{index}"))?;
            }
        }
        new.try_for_each(|item| self.append(document, pointer, item))
    }

    /// Replaces the value of a field, if the old or the new value has several lines.
    fn set_field(
        &mut self,
        document: &Document<'_>,
        pointer: &str,
        node: &Node,
        value: &Value<'_>,
    ) -> Result<(), Refusal> {
        let layout = self.layout(document);
        let key = self.text.column(node.mark());
        let is_inline =
            !is_nested(value) || self.compact && matches!(value, Value::List(_)) && is_flat(value);
        let next = self.text.lines_end(document, pointer, node)?;
        let (head, body) = match node.kind {
            Kind::Block => (node.lead..node.lead, self.text.line_start(node.start)..next),
            Kind::Lines => {
                let written = self.text.get(node.start, next).trim_end_matches(['\n', '\r']);
                (node.lead..node.start + written.len(), next..next)
            }
            Kind::Inline | Kind::Flow => (node.lead..self.text.end(node)?, next..next),
        };
        self.require_no_comment(document, pointer, head.clone())?;
        let comments = self.text.comments(document, pointer, &body)?;
        let old = self.text.column(node.start);
        let indent = match (value, document.get(pointer)) {
            (Value::Map(_), Some(Value::Map(_))) if node.kind == Kind::Block => old,
            (Value::List(_), _) => key + layout.indent,
            _ => key + 2,
        };
        let comment_indent = if node.kind == Kind::Block { old } else { indent };
        let mut new: Vec<String> = comments.iter().map(|comment| indented(comment, comment_indent)).collect();
        match is_inline {
            true => self.edit(head, format!(" {}", flow(value, Place::Block)))?,
            false => {
                self.edit(head, String::new())?;
                new.extend(lines(value, layout).iter().map(|line| indented(line, indent)));
            }
        }
        self.replace_lines(body, &new)
    }

    /// Replaces the item of a list, if the old or the new item has several lines.
    fn set_item(
        &mut self,
        document: &Document<'_>,
        pointer: &str,
        node: &Node,
        value: &Value<'_>,
    ) -> Result<(), Refusal> {
        let next = self.text.lines_end(document, pointer, node)?;
        let end = match node.kind {
            Kind::Inline | Kind::Flow => self.text.end(node)?,
            Kind::Block | Kind::Lines => {
                node.start + self.text.get(node.start, next).trim_end_matches(['\n', '\r']).len()
            }
        };
        self.require_no_comment(document, pointer, node.lead..end)?;
        let indent = self.text.column(node.lead) + 1;
        let new = self.joined(&lines(value, self.layout(document)), indent);
        let comment = self.text.rest_of_line(end).trim();
        if new.contains('\n') && !comment.is_empty() {
            return Err(Refusal::comment(comment));
        }
        self.edit(node.lead..end, format!(" {}", new.trim_start()))
    }

    /// Replaces whole lines.
    fn replace_lines(&mut self, old: Range<usize>, new: &[String]) -> Result<(), Refusal> {
        if old.is_empty() {
            return if new.is_empty() { Ok(()) } else { self.insert_lines(old.start, new, 0).map(drop) };
        }
        let ending = if self.text.get(old.start, old.end).ends_with('\n') { self.text.ending() } else { "" };
        match new.is_empty() {
            true => self.edit(old, String::new()),
            false => {
                let new = self.joined(new, 0);
                self.edit(old, format!("{new}{ending}"))
            }
        }
    }

    fn require_no_comment(
        &self,
        document: &Document<'_>,
        pointer: &str,
        range: Range<usize>,
    ) -> Result<(), Refusal> {
        match self.text.comments(document, pointer, &range)?.first() {
            Some(lost) => Err(Refusal::comment(lost)),
            None => Ok(()),
        }
    }
}

/// Whether a list or map contains only scalars.
fn is_flat(value: &Value<'_>) -> bool {
    match value {
        Value::List(items) => !items.iter().any(is_nested),
        Value::Map(fields) => !fields.iter().any(|(_, value)| is_nested(value)),
        _ => true,
    }
}
