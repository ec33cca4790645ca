//! The edits of a file.

use std::collections::BTreeMap;
use std::ops::Range;

use hallpass_document::Value;
use hallpass_reader::Document;

use crate::edits::{Edits, Key};
use crate::node::Kind;
use crate::refusal::Refusal;
use crate::remove::Changed;
use crate::scalar::Place;
use crate::text::Text;
use crate::yaml::Layout;

/// Collects edits of a file. Each refers to the file as it was read.
///
/// An edit is made as a whole or refused. To be sure of the result, read it again and compare it with the expected
/// tree.
#[derive(Debug)]
pub struct Editor<'e> {
    pub(crate) text: Text<'e>,
    pub(crate) edits: Edits,
    /// The changes of lists and maps, by their offsets.
    pub(crate) changed: BTreeMap<usize, Changed>,
    pub(crate) compact: bool,
    /// Whether a comment is removed with its value. If absent, every comment stays.
    pub(crate) goes: Option<fn(&str) -> bool>,
}

/// Returns the number of lines that end in a text.
fn ends(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

impl<'e> Editor<'e> {
    /// Takes the text of a whole file.
    ///
    /// # Errors
    /// The text is not UTF-8, or has lines that end in CR alone.
    pub fn new(bytes: &'e [u8]) -> Result<Self, Refusal> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(Refusal::new("the file is not UTF-8", "save the file as UTF-8"));
        };
        if text.replace("\r\n", "").contains('\r') {
            let reason = "the file has lines that end in CR alone";
            return Err(Refusal::new(reason, "convert its line ends to LF"));
        }
        Ok(Editor {
            text: Text::new(text),
            edits: Edits::default(),
            changed: BTreeMap::new(),
            compact: false,
            goes: None,
        })
    }

    /// Writes each new item of a list on one line, and new lists of scalars in brackets.
    #[must_use]
    pub fn compact(self) -> Self {
        Editor { compact: true, ..self }
    }

    /// Removes with a value the comments at the ends of its lines that `goes` accepts, and refuses to remove a value if another
    /// comment is about it, or if a comment that `goes` accepts would be about another value afterwards.
    #[must_use]
    pub fn with_comments(self, goes: fn(&str) -> bool) -> Self {
        Editor { goes: Some(goes), ..self }
    }

    /// Requires that the value at a JSON pointer is not shared, and that its notation is known.
    ///
    /// # Errors
    /// Those of [`Editor::set`] that do not depend on the new value.
    pub fn require_own(&self, document: &Document<'_>, pointer: &str) -> Result<(), Refusal> {
        self.text.node(document, pointer).map(drop)
    }

    /// Returns the text with all edits.
    #[must_use]
    pub fn finish(self) -> String {
        self.finish_with_lines().0
    }

    /// Returns the text with all edits and, for each of its lines, the number of the line in the file as it was read.
    #[must_use]
    pub fn finish_with_lines(self) -> (String, Vec<usize>) {
        let mut text = String::with_capacity(self.text.text.len() + 1024);
        let mut lines = Vec::new();
        let (mut at, mut line) = (0, 1);
        for (range, new) in self.edits.iter() {
            let kept = self.text.get(at, range.start);
            text.push_str(kept);
            lines.extend((line..).take(ends(kept)));
            line += ends(kept);
            text.push_str(new);
            lines.extend(std::iter::repeat_n(line, ends(new)));
            line += ends(self.text.get(range.start, range.end));
            at = range.end;
        }
        let kept = self.text.get(at, self.text.text.len());
        text.push_str(kept);
        lines.extend((line..).take(ends(kept) + 1));
        (text, lines)
    }

    /// Adds an edit.
    pub(crate) fn edit(&mut self, range: Range<usize>, new: String) -> Result<(), Refusal> {
        self.edits.add(range, new).map(drop)
    }

    /// Inserts lines before the line that starts at an offset.
    pub(crate) fn insert_lines(
        &mut self,
        next: usize,
        lines: &[String],
        indent: usize,
    ) -> Result<Key, Refusal> {
        let is_last = next == self.text.text.len() && !self.text.text.ends_with('\n');
        let lines = self.joined(lines, indent);
        let ending = self.text.ending();
        let new = if is_last { format!("{ending}{lines}") } else { format!("{lines}{ending}") };
        self.edits.add(next..next, new)
    }

    /// Joins lines, with blanks before each.
    pub(crate) fn joined(&self, lines: &[String], indent: usize) -> String {
        let lines: Vec<String> = lines.iter().map(|line| crate::yaml::indented(line, indent)).collect();
        lines.join(self.text.ending())
    }

    /// Returns the notation around the children of the value at a pointer.
    pub(crate) fn place_in(&self, document: &Document<'_>, pointer: &str) -> Result<Place, Refusal> {
        if self.text.is_json() {
            return Ok(Place::Json);
        }
        let node = self.text.node(document, pointer)?;
        Ok(if node.kind == Kind::Flow { Place::Flow } else { Place::Block })
    }

    /// Returns the notation around the value at a pointer.
    pub(crate) fn place_of(&self, document: &Document<'_>, pointer: &str) -> Result<Place, Refusal> {
        match pointer.rsplit_once('/') {
            Some((above, _)) => self.place_in(document, above),
            None => Ok(if self.text.is_json() { Place::Json } else { Place::Block }),
        }
    }

    /// Returns the layout of new values: that of the document.
    pub(crate) fn layout(&self, document: &Document<'_>) -> Layout {
        let indent = self.list_indent(document, document.root(), "").unwrap_or_default();
        Layout { indent, compact: self.compact }
    }

    /// Returns the indentation below its key of the first list in block style.
    fn list_indent(&self, document: &Document<'_>, value: &Value<'_>, at: &str) -> Option<usize> {
        for (index, child) in crate::node::children(Some(value), at).into_iter().enumerate() {
            let below = match value {
                Value::Map(fields) => fields.get(index).map(|(_, value)| value),
                Value::List(items) => items.get(index),
                _ => None,
            }?;
            if !crate::yaml::is_nested(below) {
                continue;
            }
            if let (Value::List(_), Ok(node)) = (below, self.text.node(document, &child))
                && let (Kind::Block, Some(key)) = (node.kind, &node.key)
            {
                let indent = self.text.column(node.start).saturating_sub(self.text.column(key.start));
                return Some(indent.min(8));
            }
            if let Some(indent) = self.list_indent(document, below, &child) {
                return Some(indent);
            }
        }
        None
    }
}
