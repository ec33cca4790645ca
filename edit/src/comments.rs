//! The comments of removed values.

use std::ops::Range;

use hallpass_document::{At, Value};
use hallpass_reader::Document;

use crate::editor::Editor;
use crate::node::Node;
use crate::refusal::Refusal;
use crate::text::{Text, signs};

/// The requirements on comments if some are removed with a value.
impl Editor<'_> {
    /// Requires that no such comment is on the lines above a value, since it would be about the next one.
    pub(crate) fn require_none_above(&self, offset: usize) -> Result<(), Refusal> {
        let Some(goes) = self.goes else { return Ok(()) };
        let above = self.text.get(0, self.text.line_start(offset));
        let mut above =
            above.lines().rev().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
        match above.find(|line| goes(line)) {
            Some(comment) => Err(Refusal::commented(comment)),
            None => Ok(()),
        }
    }

    /// Requires that the comments in the lines of a value are such comments, at the ends of lines.
    pub(crate) fn require_only_own(
        &self,
        comments: &[&str],
        lines: &Range<usize>,
        goes: fn(&str) -> bool,
    ) -> Result<(), Refusal> {
        let lines = self.text.get(lines.start, lines.end);
        let is_alone = |comment: &str| lines.lines().any(|line| line.trim() == comment.trim());
        match comments.iter().find(|comment| !goes(comment) || is_alone(comment)) {
            Some(comment) => Err(Refusal::commented(comment)),
            None => Ok(()),
        }
    }

    /// Requires that a list or map in brackets is on one line or has no comments, since a value may change its line.
    pub(crate) fn require_none_within(&self, node: &Node) -> Result<(), Refusal> {
        let end = self.text.end(node)?;
        if self.goes.is_none() || !self.text.get(node.start, end).contains('\n') {
            return Ok(());
        }
        self.require_none_above(node.start)?;
        let lines = self.text.get(self.text.line_start(node.start), self.text.next_line(end));
        match lines.lines().find_map(|line| line.get(signs(line).next()?..)) {
            Some(comment) => Err(Refusal::commented(comment)),
            None => Ok(()),
        }
    }
}

impl<'t> Text<'t> {
    /// Returns the comments in a range, which contains the value at a pointer and no other.
    ///
    /// # Errors
    /// A text in the value has an unusual notation.
    pub(crate) fn comments(
        &self,
        document: &Document<'_>,
        pointer: &str,
        range: &Range<usize>,
    ) -> Result<Vec<&'t str>, Refusal> {
        let mut strings = Vec::new();
        if let Some(value) = document.get(pointer) {
            self.strings(document, value, &At::pointer_to(pointer), &mut strings)?;
        }
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let line = self.get(at, self.next_line(at).min(range.end)).trim_end_matches(['\n', '\r']);
            let is_outside = |sign: &usize| !strings.iter().any(|string| string.contains(&(at + sign)));
            found.extend(signs(line).find(is_outside).and_then(|sign| line.get(sign..)));
            at = self.next_line(at);
        }
        Ok(found)
    }

    /// Adds the ranges of keys and texts that contain `#`.
    fn strings(
        &self,
        document: &Document<'_>,
        value: &Value<'_>,
        at: &At<'_>,
        strings: &mut Vec<Range<usize>>,
    ) -> Result<(), Refusal> {
        match value {
            Value::String(text) if text.contains('#') => strings.push(self.string(document, &at.pointer())?),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.strings(document, item, &at.index(index), strings)?;
                }
            }
            Value::Map(fields) => {
                for (key, value) in fields {
                    let at = at.key(key);
                    if key.contains('#') {
                        strings.extend(self.node(document, &at.pointer())?.key);
                    }
                    self.strings(document, value, &at, strings)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn string(&self, document: &Document<'_>, pointer: &str) -> Result<Range<usize>, Refusal> {
        let node = self.node(document, pointer)?;
        let end = match self.text.get(node.start..).and_then(|text| text.chars().next()) {
            Some('|' | '>') => {
                return Ok(self.next_line(node.start)..self.lines_end(document, pointer, &node)?);
            }
            Some('\'' | '"') => self.quotes_end(node.start),
            _ => Some(self.end(&node)?),
        };
        Ok(node.start..end.ok_or_else(Refusal::odd)?)
    }
}
