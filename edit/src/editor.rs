//! The edits of a file.

use std::ops::Range;

use hallpass_document::Value;
use hallpass_reader::Document;

use crate::node::{Kind, Node};
use crate::refusal::Refusal;
use crate::scalar::{Place, Quotes, scalar};
use crate::text::{Text, comments};

/// Collects edits of a file. Each refers to the file as it was read.
///
/// An edit is made as a whole or refused. To be sure of the result, read it again and compare it with the expected
/// tree.
#[derive(Debug)]
pub struct Editor<'e> {
    pub(crate) text: Text<'e>,
    edits: Vec<Edit>,
}

/// A range of the text, and its new text.
#[derive(Clone, Debug)]
struct Edit {
    range: Range<usize>,
    new: String,
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
        Ok(Editor { text: Text::new(text), edits: Vec::new() })
    }

    /// Replaces the value at a JSON pointer of a document of the file. A string keeps the quotes of the old value. An
    /// equal value changes nothing.
    ///
    /// # Errors
    /// The value is shared through an anchor or has an anchor, a tag or an unusual notation; a comment would be lost; or
    /// it is already changed.
    pub fn set(&mut self, document: &Document<'_>, pointer: &str, value: &Value<'_>) -> Result<(), Refusal> {
        if document.get(pointer) == Some(value) {
            return Ok(());
        }
        let node = self.text.node(document, pointer)?;
        let end = self.text.end(&node)?;
        let quotes = Quotes::of(self.text.get(node.start, end));
        let place = self.place(document, pointer)?;
        let new = scalar(value, quotes, place).ok_or_else(Refusal::odd)?;
        let blank = if end == node.lead { " " } else { "" };
        self.edit(node.start..end, format!("{blank}{new}"))
    }

    /// Returns the text with all edits.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let mut text = String::with_capacity(self.text.text.len() + 1024);
        let mut at = 0;
        for Edit { range, new } in &self.edits {
            text.push_str(self.text.get(at, range.start));
            text.push_str(new);
            at = range.end;
        }
        text.push_str(self.text.get(at, self.text.text.len()));
        text
    }

    /// Adds an edit.
    fn edit(&mut self, range: Range<usize>, new: String) -> Result<(), Refusal> {
        let mut old = comments(self.text.get(range.start, range.end));
        if let Some(lost) = old.find(|comment| !new.contains(comment)) {
            return Err(Refusal::comment(lost));
        }
        let overlaps = |edit: &Edit| edit.range.start < range.end && range.start < edit.range.end;
        if self.edits.iter().any(overlaps) {
            return Err(Refusal::new("it is already changed", "run this again"));
        }
        self.edits.push(Edit { range, new });
        Ok(())
    }

    /// Returns where the value at a pointer is written.
    fn place(&self, document: &Document<'_>, pointer: &str) -> Result<Place, Refusal> {
        if self.text.is_json() {
            return Ok(Place::Json);
        }
        let Some((above, _)) = pointer.rsplit_once('/') else { return Ok(Place::Block) };
        Ok(match self.text.node(document, above)? {
            Node { kind: Kind::Flow, .. } => Place::Flow,
            _ => Place::Block,
        })
    }
}
