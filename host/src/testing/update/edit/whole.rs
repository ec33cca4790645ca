//! Whole expectations, of tests without one.

use super::{BLOCK, Editor, odd};
use crate::testing::file::Item;
use crate::testing::update::Refusal;
use crate::testing::update::change::{Change, New};
use crate::testing::update::scalar::{Quotes, flow};

impl Editor<'_> {
    /// Writes the value of `expect:` without one.
    pub(super) fn fill(&mut self, pointer: &str, changes: &[Change]) -> Result<(), Refusal> {
        let field = self.field(pointer)?;
        let line = self.text.line_start(field.key);
        let lead = self.text.get(line, field.key);
        if !lead.trim_start_matches("- ").trim().is_empty() {
            return Err(Refusal::new("the test is written in `{}`", BLOCK));
        }
        let written = self.text.rest_of_line(field.colon);
        let value = written.split(" #").next().unwrap_or_default();
        if !matches!(value.trim(), "" | "~" | "null" | "Null" | "NULL") {
            return Err(odd());
        }
        let end = field.colon + value.trim_end().len();
        self.edits.push((field.colon..end, String::new()));
        let lines = self.whole(changes, self.column(field.key));
        self.insert_lines(end, &lines);
        Ok(())
    }

    /// Appends an expectation to a test.
    pub(super) fn append(&mut self, test: &str, changes: &[Change]) -> Result<(), Refusal> {
        let document = &self.file.parsed.document;
        let in_braces = || {
            let help = "write `expect: {verdict: admitted}` in it, and run this again";
            Refusal::new("the test is written in `{}`", help)
        };
        let location = document.locate(test);
        if location.anchor.is_some() {
            return Err(Refusal::new(
                "the test is used through an anchor",
                "write it out, without the anchor",
            ));
        }
        let start = self.text.offset(location.line, location.column).ok_or_else(odd)?;
        let lead = self.text.get(self.text.line_start(start), start);
        if self.text.get(start, start + 1) == "{" || !lead.trim().trim_matches('-').is_empty() {
            return Err(in_braces());
        }
        let indent = self.column(start);
        // The fields of the test have as many blanks as the first.
        let end = self.text.block_end(start, indent, |_| true);
        let mut lines = format!("{}expect:{}", " ".repeat(indent), self.text.ending());
        lines.push_str(&self.whole(changes, indent));
        if end == self.text.text.len() && !self.text.text.ends_with('\n') {
            lines.insert_str(0, self.text.ending());
        }
        self.edits.push((end..end, lines));
        Ok(())
    }

    /// Returns the fields of an expectation whose key has this indentation.
    fn whole(&self, changes: &[Change], indent: usize) -> String {
        let indent = indent + 2;
        let mut lines = String::new();
        for change in changes {
            let name = change.field;
            let lead = " ".repeat(indent);
            match &change.new {
                Some(New::Text(text)) => {
                    lines.push_str(&format!("{lead}{name}: {}", Quotes::Plain.write(text)));
                }
                Some(New::List(items)) if items.iter().any(|item| matches!(item, Item::At { .. })) => {
                    lines.push_str(&format!("{lead}{name}:{}", self.text.ending()));
                    lines.push_str(&self.block_items(items, name, indent + self.list_indent()));
                    continue;
                }
                Some(New::List(items)) => {
                    lines.push_str(&format!("{lead}{name}: {}", flow(items, name, false)))
                }
                None => continue,
            }
            lines.push_str(self.text.ending());
        }
        lines
    }
}
