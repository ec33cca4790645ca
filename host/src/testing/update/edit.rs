//! Edits of the `expect` of tests, in the notation of the file.

mod whole;

use std::ops::Range;

use hallpass_document::Value;

use super::Refusal;
use super::change::{Change, New};
use super::scalar::{Quotes, flow, item};
use super::text::{Text, comments};
use crate::output::Problem;
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
    /// # Errors
    /// The file has another encoding or other line ends.
    pub(super) fn new(file: &'e TestFile<'e>) -> Result<Self, Box<Problem>> {
        let not_updated = |message: &str| Box::new(Problem::new(file.name(), message));
        let Ok(text) = std::str::from_utf8(file.bytes) else {
            return Err(not_updated("a file that is not UTF-8 cannot be updated"));
        };
        if text.replace("\r\n", "").contains('\r') {
            let problem = not_updated("a file with lines that end in CR alone cannot be updated");
            return Err(Box::new(problem.help("convert its line ends to LF")));
        }
        Ok(Editor { file, text: Text::new(text), edits: Vec::new() })
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

    /// Adds an edit.
    ///
    /// # Errors
    /// The new text lacks a comment of the old one.
    fn edit(&mut self, range: Range<usize>, new: String) -> Result<(), Refusal> {
        let mut old = comments(self.text.get(range.start, range.end));
        if let Some(lost) = old.find(|comment| !new.contains(comment)) {
            let help = "move the comment out of the list, or write each item on its own line after `- `";
            return Err(Refusal::new(format!("a comment would be lost: `{lost}`"), help));
        }
        self.edits.push((range, new));
        Ok(())
    }

    /// Changes the expectation of a test.
    ///
    /// # Errors
    /// The notation of the expectation is not one that can be edited.
    pub(super) fn change(&mut self, index: usize, changes: &[Change]) -> Result<(), Refusal> {
        let test = pointer_to(index);
        let pointer = format!("{test}/expect");
        match self.file.parsed.document.get(&pointer) {
            None => self.append(&test, changes),
            Some(Value::Null) => self.fill(&pointer, changes),
            Some(_) => {
                let expect = self.field(&pointer)?;
                let in_flow = self.text.text.get(expect.value..).is_some_and(|text| text.starts_with('{'));
                let verdict = changes.iter().find_map(|change| match change {
                    Change { field: "verdict", new: Some(New::Text(verdict)), old: None } => Some(verdict),
                    _ => None,
                });
                for change in changes {
                    let field = format!("{pointer}/{}", change.field);
                    match (&change.new, verdict) {
                        // This field has stated another verdict.
                        (None, Some(verdict)) => self.replace_field(&field, "verdict", verdict)?,
                        (None, None) if in_flow => self.remove_in_flow(&pointer, change.field, changes)?,
                        (None, None) => self.remove(&field)?,
                        (Some(New::Text(_)), _) if change.old.is_none() => {}
                        (Some(New::Text(text)), _) => self.replace_text(&field, text)?,
                        (Some(New::List(items)), _) => {
                            let old = self.old_items(index, change.field);
                            self.replace_list(&field, in_flow, change.field, old, items)?;
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn old_items(&self, test: usize, field: &str) -> &'e [Item] {
        let expect = self.file.spec.tests.get(test).and_then(|test| test.expect.as_ref());
        let list = expect.and_then(|expect| match field {
            "constraints" => expect.constraints.as_deref(),
            _ => expect.mismatches.as_deref(),
        });
        list.unwrap_or_default()
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
            let start = self.text.offset(key.line, key.column).unwrap_or_default();
            let end = self.text.offset(value.line, value.column).unwrap_or_default();
            match self.text.get(start, end).contains(['&', '!']) {
                true => Refusal::new("it has an anchor or a tag", "write it without the anchor or the tag"),
                false => odd(),
            }
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

    /// Replaces a field, with its key.
    fn replace_field(&mut self, pointer: &str, name: &str, new: &str) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let quotes = if self.is_json() { Quotes::Double } else { Quotes::Plain };
        let new = format!("{}: {}", quotes.write(name), quotes.write(new));
        if self.is_block(pointer, &field) {
            self.edit(field.key..field.colon, new)?;
            return self.remove_lines(self.block(&field), self.column(field.value));
        }
        let end = self.end(&field)?;
        self.edit(field.key..end, new)
    }

    fn replace_text(&mut self, pointer: &str, new: &str) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let end = self.end_of_text(&field)?;
        let quotes = Quotes::of(self.text.get(field.value, end));
        self.edit(field.value..end, quotes.write(new))
    }

    fn end_of_text(&self, field: &Field) -> Result<usize, Refusal> {
        let end = self.text.after(field.value, field.width).filter(|_| field.width > 0);
        end.ok_or_else(|| Refusal::new("a value has several lines", "write it on one line"))
    }

    /// Whether the value is a list with each item on its own lines, after `- `.
    fn is_block(&self, pointer: &str, field: &Field) -> bool {
        matches!(self.file.parsed.document.get(pointer), Some(Value::List(_))) && !self.is_flow(field)
    }

    fn is_flow(&self, field: &Field) -> bool {
        self.text.text.get(field.value..).is_some_and(|text| text.starts_with('['))
    }

    /// Returns the lines of such a list.
    fn block(&self, field: &Field) -> Range<usize> {
        let is_item = |line: &str| line.starts_with("- ") || line == "-";
        let end = self.text.block_end(field.value, self.column(field.value), is_item);
        self.text.line_start(field.value)..end
    }

    /// Returns the end of any other value.
    fn end(&self, field: &Field) -> Result<usize, Refusal> {
        match self.is_flow(field) {
            true => self.text.flow_end(field.value).ok_or_else(odd),
            false => self.end_of_text(field),
        }
    }

    fn replace_list(
        &mut self,
        pointer: &str,
        in_flow: bool,
        name: &str,
        old: &[Item],
        items: &[Item],
    ) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        if !self.is_flow(&field) {
            let lines = self.block(&field);
            let new = self.replaced_items(pointer, lines.clone(), name, old, items)?;
            if items.is_empty() {
                self.edit(field.colon..field.colon, " []".to_owned())?;
            }
            return self.edit(lines, new);
        }
        let end = self.end(&field)?;
        let has_paths = items.iter().any(|item| matches!(item, Item::At { .. }));
        if in_flow || !has_paths {
            return self.edit(field.value..end, flow(items, name, self.is_json()));
        }
        self.require_comment(end)?;
        self.edit(field.colon..end, String::new())?;
        let indent = self.column(field.key) + self.list_indent();
        self.insert_lines(end, &self.block_items(items, name, indent));
        Ok(())
    }

    /// Returns the lines of a list with other items. The lines of items that stay are not changed, and the comments of the
    /// others stay.
    fn replaced_items(
        &self,
        pointer: &str,
        lines: Range<usize>,
        name: &str,
        old: &[Item],
        items: &[Item],
    ) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut indent = 0;
        let mut at = lines.start;
        for (index, item) in old.iter().enumerate() {
            let location = self.file.parsed.document.locate(&format!("{pointer}/{index}"));
            if let Some(anchor) = location.anchor {
                let reason = format!("it is used through the anchor `{anchor}`");
                return Err(Refusal::new(reason, "write it out, without the anchor"));
            }
            let start = self.text.offset(location.line, location.column).ok_or_else(odd)?;
            let start = self.text.line_start(start);
            let line = self.text.rest_of_line(start);
            indent = line.len() - line.trim_start_matches(' ').len();
            let end = self.text.block_end(start, indent, |_| false);
            if !line.trim_start_matches(' ').starts_with("- ") || start < at || end > lines.end {
                return Err(odd());
            }
            text.push_str(self.text.get(at, start));
            let written = self.text.get(start, end);
            match items.contains(item) {
                true => text.push_str(written),
                false => text.push_str(&self.comment_lines(written, indent)),
            }
            at = end;
        }
        text.push_str(self.text.get(at, lines.end));
        let new: Vec<Item> = items.iter().filter(|item| !old.contains(item)).cloned().collect();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(self.text.ending());
        }
        text.push_str(&self.block_items(&new, name, indent));
        if !self.text.get(lines.start, lines.end).ends_with('\n') {
            text.truncate(text.trim_end_matches(['\n', '\r']).len());
        }
        Ok(text)
    }

    /// Removes a field that has its own lines.
    fn remove(&mut self, pointer: &str) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let start = self.text.line_start(field.key);
        if !self.text.get(start, field.key).trim().is_empty() {
            return Err(odd());
        }
        let end = match self.is_block(pointer, &field) {
            true => self.block(&field).end,
            false => {
                let end = self.end(&field)?;
                self.require_comment(end)?;
                self.text.next_line(end)
            }
        };
        self.remove_lines(start..end, self.column(field.key))
    }

    /// Removes lines. Their comments stay.
    fn remove_lines(&mut self, lines: Range<usize>, indent: usize) -> Result<(), Refusal> {
        let old = self.text.get(lines.start, lines.end);
        let mut new = self.comment_lines(old, indent);
        if !old.ends_with('\n') {
            new.truncate(new.trim_end_matches(['\n', '\r']).len());
        }
        self.edit(lines, new)
    }

    /// Returns the comments of a text, each on its own line.
    fn comment_lines(&self, text: &str, indent: usize) -> String {
        let lead = " ".repeat(indent);
        comments(text).map(|comment| format!("{lead}{comment}{}", self.text.ending())).collect()
    }

    /// Removes a field in `{}`, with the comma before it, or with the one after it if no field before it stays.
    fn remove_in_flow(&mut self, expect: &str, name: &str, changes: &[Change]) -> Result<(), Refusal> {
        let field = self.field(&format!("{expect}/{name}"))?;
        let end = self.end(&field)?;
        let Some(Value::Map(fields)) = self.file.parsed.document.get(expect) else { return Err(odd()) };
        let stays = |key: &str| !changes.iter().any(|change| change.field == key && change.new.is_none());
        let mut before = fields.iter().map(|(key, _)| key.as_ref()).take_while(|key| *key != name);
        if before.any(stays) {
            let before = self.text.get(0, field.key).trim_end();
            let start = before.strip_suffix(',').map_or(field.key, str::len);
            return self.edit(start..end, String::new());
        }
        let after = self.text.get(end, self.text.text.len());
        let rest = after.trim_start_matches([' ', '\t']).strip_prefix(',').unwrap_or(after);
        let end = self.text.text.len() - rest.trim_start_matches([' ', '\t']).len();
        self.edit(field.key..end, String::new())
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
