//! The comments of a value, which stay when it goes.

use std::ops::Range;

use hallpass_document::{At, Value};
use hallpass_reader::Document;

use crate::refusal::Refusal;
use crate::text::{Text, signs};

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
