//! Edits of the `expect` of tests, in the notation of the file.

mod whole;

use std::ops::Range;

use hallpass_document::Value;

use super::Refusal;
use super::change::{Change, New};
use super::scalar::{Quotes, flow, item};
use super::text::Text;
use crate::testing::file::{Item, TestFile, pointer_to};

/// Collects the edits of a file.
pub(super) struct Editor<'e> {
    file: &'e TestFile<'e>,
    text: Text<'e>,
    edits: Vec<(Range<usize>, String)>,
}

/// A field in the file.
struct Field {
    /// The offset of the key.
    key: usize,
    /// The offset after the colon.
    colon: usize,
    /// The offset of the value, and the number of columns if it is on one line.
    value: usize,
    width: u32,
}

const BLOCK: &str = "write it as a block: each field on its own line";

impl<'e> Editor<'e> {
    /// `None` if the file is not UTF-8.
    pub(super) fn new(file: &'e TestFile<'e>) -> Option<Self> {
        Some(Editor { file, text: Text::new(std::str::from_utf8(file.bytes).ok()?), edits: Vec::new() })
    }

    /// Returns the text with all edits.
    pub(super) fn finish(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = String::with_capacity(self.text.text.len() + 1024);
        let mut at = 0;
        for (range, new) in &self.edits {
            text.push_str(self.text.get(at, range.start));
            text.push_str(new);
            at = range.end;
        }
        text.push_str(self.text.get(at, self.text.text.len()));
        text
    }

    /// Changes the expectation of a test.
    ///
    /// # Errors
    /// The notation of the expectation is not one that can be edited.
    pub(super) fn change(&mut self, test: usize, changes: &[Change]) -> Result<(), Refusal> {
        let test = pointer_to(test);
        let pointer = format!("{test}/expect");
        match self.file.parsed.document.get(&pointer) {
            None => self.append(&test, changes),
            Some(Value::Null) => self.fill(&pointer, changes),
            Some(_) => {
                let expect = self.field(&pointer)?;
                let in_flow = self.text.text.get(expect.value..).is_some_and(|text| text.starts_with('{'));
                // The only field is replaced: without it, the expectation would be empty.
                if let [
                    Change { field, new: Some(New::Text(new)), old: None },
                    Change { new: None, field: old, .. },
                ] = changes
                {
                    return self.replace_field(&format!("{pointer}/{old}"), field, new);
                }
                for change in changes {
                    self.field_change(&pointer, in_flow, change)?;
                }
                Ok(())
            }
        }
    }

    /// Returns the position of a field.
    fn field(&self, pointer: &str) -> Result<Field, Refusal> {
        let document = &self.file.parsed.document;
        let (key, value) = (document.locate_key(pointer), document.locate(pointer));
        if let Some(anchor) = key.anchor.or(value.anchor) {
            let reason = format!("it is used through the anchor `{anchor}`");
            return Err(Refusal::new(reason, "write it out, without the anchor"));
        }
        let found = || {
            let start = self.text.offset(key.line, key.column)?;
            let after = self.text.after(start, key.width)?;
            let rest = self.text.text.get(after..)?;
            let colon = after + rest.len() - rest.trim_start_matches([' ', '\t']).strip_prefix(':')?.len();
            let value_start = self.first_dash(colon, self.text.offset(value.line, value.column)?).max(colon);
            let is_bare = self.text.get(colon, value_start).lines().all(|line| {
                let line = line.trim();
                line.is_empty() || line.starts_with('#')
            });
            is_bare.then_some(Field { key: start, colon, value: value_start, width: value.width })
        };
        found().ok_or_else(|| {
            Refusal::new("it has an anchor or a tag", "write it without the anchor or the tag")
        })
    }

    /// Returns the first `-` of a list if the line of its first item starts with one: the position of a list is that of
    /// the dash or that of the item.
    fn first_dash(&self, colon: usize, value: usize) -> usize {
        let start = self.text.line_start(value).max(colon);
        let lead = self.text.get(start, value);
        match lead.trim_start_matches(' ') {
            text if text.starts_with('-') => start + lead.len() - text.len(),
            _ => value,
        }
    }

    fn field_change(&mut self, pointer: &str, in_flow: bool, change: &Change) -> Result<(), Refusal> {
        let pointer = format!("{pointer}/{}", change.field);
        match &change.new {
            None => self.remove(&pointer, in_flow),
            Some(New::Text(text)) => self.replace_text(&pointer, text),
            Some(New::List(items)) => self.replace_list(&pointer, in_flow, change.field, items),
        }
    }

    /// Replaces a field, with its key.
    fn replace_field(&mut self, pointer: &str, name: &str, new: &str) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let end = self.end_of_text(&field)?;
        let quotes = if self.is_json() { Quotes::Double } else { Quotes::Plain };
        self.edits.push((field.key..end, format!("{}: {}", quotes.write(name), quotes.write(new))));
        Ok(())
    }

    fn replace_text(&mut self, pointer: &str, new: &str) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let end = self.end_of_text(&field)?;
        let quotes = Quotes::of(self.text.get(field.value, end));
        self.edits.push((field.value..end, quotes.write(new)));
        Ok(())
    }

    fn end_of_text(&self, field: &Field) -> Result<usize, Refusal> {
        let end = self.text.after(field.value, field.width).filter(|_| field.width > 0);
        end.ok_or_else(|| Refusal::new("a value has several lines", "write it on one line"))
    }

    fn replace_list(
        &mut self,
        pointer: &str,
        in_flow: bool,
        name: &str,
        items: &[Item],
    ) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let is_flow = self.text.text.get(field.value..).is_some_and(|text| text.starts_with('['));
        let has_paths = items.iter().any(|item| matches!(item, Item::At { .. }));
        let as_block = !in_flow && !items.is_empty() && (!is_flow || has_paths);
        if is_flow {
            let end = self.text.flow_end(field.value).ok_or_else(odd)?;
            if !as_block {
                self.edits.push((field.value..end, flow(items, name, self.is_json())));
                return Ok(());
            }
            self.require_comment(end)?;
            self.edits.push((field.colon..end, String::new()));
            let indent = self.column(field.key) + self.list_indent();
            self.insert_lines(end, &self.block_items(items, name, indent));
            return Ok(());
        }
        let start = self.text.line_start(field.value);
        let indent = self.column(field.value);
        let end = self.text.block_end(field.value, indent, |line| line.starts_with("- ") || line == "-");
        if as_block {
            let mut lines = self.block_items(items, name, indent);
            if !self.text.get(start, end).ends_with('\n') {
                lines = lines.trim_end_matches(['\n', '\r']).to_owned();
            }
            self.edits.push((start..end, lines));
        } else {
            self.edits.push((field.colon..field.colon, format!(" {}", flow(items, name, false))));
            self.edits.push((start..end, String::new()));
        }
        Ok(())
    }

    /// Removes a field that is on one line.
    fn remove(&mut self, pointer: &str, in_flow: bool) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let end = self.end_of_text(&field)?;
        if !in_flow {
            let start = self.text.line_start(field.key);
            self.edits.push((start..self.text.next_line(end), String::new()));
            return Ok(());
        }
        let after = self.text.get(end, self.text.text.len());
        let next = after.trim_start_matches([' ', '\t']);
        if let Some(rest) = next.strip_prefix(',') {
            let end = self.text.text.len() - rest.trim_start_matches([' ', '\t']).len();
            self.edits.push((field.key..end, String::new()));
            return Ok(());
        }
        let before = self.text.get(0, field.key).trim_end_matches([' ', '\t']);
        let start = before.strip_suffix(',').map_or(field.key, str::len);
        self.edits.push((start..end, String::new()));
        Ok(())
    }

    fn block_items(&self, items: &[Item], name: &str, indent: usize) -> String {
        let lead = " ".repeat(indent);
        let line = |it: &Item| format!("{lead}- {}{}", item(it, name, false), self.text.ending());
        items.iter().map(line).collect()
    }

    /// Inserts lines after the line that contains an offset.
    fn insert_lines(&mut self, offset: usize, lines: &str) {
        let next = self.text.next_line(offset);
        let is_last = next == self.text.text.len() && !self.text.text.ends_with('\n');
        let lines = match is_last {
            true => format!("{}{}", self.text.ending(), lines.trim_end_matches(['\n', '\r'])),
            false => lines.to_owned(),
        };
        self.edits.push((next..next, lines));
    }

    /// Requires that nothing but a comment follows on the line.
    fn require_comment(&self, offset: usize) -> Result<(), Refusal> {
        let rest = self.text.rest_of_line(offset).trim();
        if rest.is_empty() || rest.starts_with('#') { Ok(()) } else { Err(odd()) }
    }

    /// Returns the number of characters before an offset on its line.
    fn column(&self, offset: usize) -> usize {
        self.text.get(self.text.line_start(offset), offset).chars().count()
    }

    /// Returns how far the file indents the items of a list.
    fn list_indent(&self) -> usize {
        let document = &self.file.parsed.document;
        let key = document.locate_key("/spec/tests");
        let list = document.locate("/spec/tests");
        (list.column.saturating_sub(key.column) as usize).min(8)
    }

    /// Whether the file is JSON, in which every string has quotes.
    fn is_json(&self) -> bool {
        self.text.text.trim_start_matches('\u{FEFF}').trim_start().starts_with('{')
    }
}

fn odd() -> Refusal {
    Refusal::new("its notation is unusual", BLOCK)
}
