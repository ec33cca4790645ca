//! Renders Markdown for terminals, as far as docs/semantics.md uses it.

use anstyle::{AnsiColor, Style};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::blank_line;
use super::prose::{Piece, lines};
use super::style::{FAINT, STRONG, styled};
use super::table::Table;

const CODE: Style = AnsiColor::Cyan.on_default();

/// The indentation of code.
const CODE_INDENT: usize = 4;

pub(super) fn render(markdown: &str, width: usize, text: &mut String) {
    let mut page = Page {
        width,
        text,
        indent: 0,
        marker: None,
        pieces: Vec::new(),
        styles: Vec::new(),
        lists: Vec::new(),
    };
    let mut table = None;
    let mut code = false;
    let mut link = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(code_text) if code => page.code(&code_text),
            Event::Text(words) => page.write(Style::new(), &words),
            // Without colors, backticks mark code.
            Event::Code(code) => page.write(CODE, &format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => page.write(Style::new(), " "),
            Event::Rule => blank_line(page.text),
            Event::Start(tag) => match tag {
                Tag::Heading { .. } | Tag::Strong => page.styles.push(STRONG),
                Tag::Emphasis => page.styles.push(Style::new().italic()),
                Tag::Paragraph => page.paragraph(),
                Tag::List(start) => {
                    page.flush();
                    if page.lists.is_empty() {
                        blank_line(page.text);
                    }
                    page.lists.push(start);
                }
                Tag::Item => page.item(),
                Tag::CodeBlock(_) => {
                    page.flush();
                    blank_line(page.text);
                    code = true;
                }
                Tag::Table(_) => {
                    page.flush();
                    blank_line(page.text);
                    table = Some(Table::default());
                }
                Tag::TableRow => table.iter_mut().for_each(|table| table.rows.push(Vec::new())),
                Tag::Link { dest_url, .. } => link = Some(dest_url),
                _ => {}
            },
            Event::End(tag) => match tag {
                TagEnd::Heading(_) => {
                    page.styles.pop();
                    page.flush();
                    blank_line(page.text);
                }
                TagEnd::Strong | TagEnd::Emphasis => {
                    page.styles.pop();
                }
                TagEnd::Paragraph => page.flush(),
                TagEnd::List(_) => {
                    page.lists.pop();
                }
                TagEnd::Item => page.end_item(),
                TagEnd::CodeBlock => {
                    code = false;
                    blank_line(page.text);
                }
                TagEnd::TableCell => {
                    let cell = std::mem::take(&mut page.pieces);
                    if let Some(table) = &mut table {
                        table.rows.last_mut().unwrap_or(&mut table.head).push(cell);
                    }
                }
                TagEnd::Table => {
                    let (width, indent) = (page.width, page.indent);
                    table.take().iter().for_each(|table| table.render(width, indent, page.text));
                    blank_line(page.text);
                }
                TagEnd::Link => page.address(link.take().as_deref().unwrap_or_default()),
                _ => {}
            },
            _ => {}
        }
    }
    page.flush();
}

/// The output so far, and the state of the renderer.
struct Page<'p> {
    width: usize,
    text: &'p mut String,
    indent: usize,
    /// The marker before the first line of an item.
    marker: Option<String>,
    pieces: Vec<Piece>,
    styles: Vec<Style>,
    /// The open lists, with the number of the next item.
    lists: Vec<Option<u64>>,
}

impl Page<'_> {
    fn write(&mut self, own: Style, words: &str) {
        let style = self
            .styles
            .iter()
            .fold(own, |style, outer| style.effects(style.get_effects() | outer.get_effects()));
        self.pieces.push(Piece { style, text: words.to_owned() });
    }

    /// An external link.
    fn address(&mut self, address: &str) {
        let is_shown = self.pieces.last().is_some_and(|piece| piece.text == address);
        if address.starts_with("http") && !is_shown {
            self.write(FAINT, &format!(" ({address})"));
        }
    }

    fn paragraph(&mut self) {
        self.flush();
        if self.marker.is_none() {
            blank_line(self.text);
        }
    }

    fn item(&mut self) {
        self.flush();
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.indent += marker.len();
        self.marker = Some(marker);
    }

    fn end_item(&mut self) {
        self.flush();
        let numbered = self.lists.last().copied().flatten();
        self.indent -= numbered.map_or(2, |next| format!("{}. ", next - 1).len()).min(self.indent);
        self.marker = None;
    }

    fn flush(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if pieces.is_empty() {
            return;
        }
        for line in lines(&pieces, self.width.saturating_sub(self.indent)) {
            let marker = self.marker.take().unwrap_or_default();
            let indent = " ".repeat(self.indent.saturating_sub(marker.len()));
            self.text.push_str(&format!("{indent}{marker}{}\n", line.text));
        }
    }

    fn code(&mut self, code: &str) {
        let indent = " ".repeat(self.indent + CODE_INDENT);
        for line in code.lines() {
            let line =
                if line.is_empty() { String::new() } else { format!("{indent}{}", styled(CODE, line)) };
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }
}
