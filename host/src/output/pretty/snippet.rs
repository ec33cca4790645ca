//! One diagnostic: a title, source lines and help, drawn by annotate-snippets like rustc's.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Padding, Renderer};
use hallpass_document::{is_hidden, push_visible};
use textwrap::core::display_width;

use super::super::{Place, Snippet};
use super::style::{hanging, wrapped};
use crate::text::visible;

pub(super) struct Annotated<'d> {
    group: Group<'d>,
    width: usize,
    /// A line was too long to be shown from its start.
    cut: bool,
    /// The number of lines of the title after the first, which are drawn with too much indentation.
    undented: usize,
    surplus: usize,
    /// Labels that do not fit next to the marks. They follow the source lines.
    labels: Vec<String>,
}

/// The width of a help line's prefix: `     = help: `, for line numbers of up to four digits.
const HELP_INDENT: usize = 13;

/// The columns before a source line, for line numbers of up to four digits.
const FRAME: usize = 7;

/// The sign for omitted text.
const OMITTED: &str = "...";

/// The indentation of a title whose name is long.
const INDENT: usize = 4;

impl<'d> Annotated<'d> {
    /// `level[id]: title`
    pub(super) fn new(level: &'static str, id: Option<&'d str>, title: &str, width: usize) -> Self {
        let base = match level {
            "warning" => Level::WARNING,
            "note" => Level::NOTE,
            _ => Level::ERROR,
        };
        let before = level.len() + id.map_or(0, |id| id.len() + 2) + 2;
        let title = visible(title);
        // A long name would leave too few columns.
        let indent = if before > width / 2 { INDENT } else { before };
        let title = hanging(&title, width, before, indent);
        let undented = title.lines().count().saturating_sub(1);
        let title = base.with_name(level).primary_title(title);
        let title = match id {
            Some(id) => title.id(id),
            None => title,
        };
        Annotated {
            group: Group::with_title(title),
            width,
            cut: false,
            undented,
            surplus: before - indent,
            labels: Vec::new(),
        }
    }

    /// The primary location of the diagnostic.
    pub(super) fn at(&mut self, file: &str, place: &Place, label: Option<String>) {
        let position = Some((place.line, place.column));
        self.place(AnnotationKind::Primary, file, position, place.snippet.as_deref(), label);
    }

    /// A location to compare it with.
    pub(super) fn next_to(&mut self, file: &str, place: &Place, label: Option<String>) {
        let position = Some((place.line, place.column));
        self.place(AnnotationKind::Context, file, position, place.snippet.as_deref(), label);
    }

    pub(super) fn help(&mut self, help: Option<&str>) {
        self.remark(Level::HELP, help);
    }

    pub(super) fn note(&mut self, note: Option<&str>) {
        self.remark(Level::NOTE, note);
    }

    fn remark(&mut self, level: Level<'d>, text: Option<&str>) {
        if let Some(text) = text {
            self.flush_labels();
            let width = self.width.saturating_sub(HELP_INDENT);
            self.push(level.message(wrapped(&visible(text), width, 0)));
        }
    }

    /// Shows lines to copy, which are not wrapped, and at most so many of them.
    pub(super) fn code(&mut self, introduction: &str, code: &str, most: usize) {
        self.flush_labels();
        let width = self.width.saturating_sub(HELP_INDENT);
        let mut lines = vec![wrapped(&visible(introduction), width, 0)];
        lines.extend(code.lines().take(most).map(|line| format!("  {}", visible(line))));
        let hidden = code.lines().count().saturating_sub(most);
        if hidden > 0 {
            lines.push(format!("  # ... and {hidden} more lines; --verbose shows all"));
        }
        self.push(Level::HELP.message(lines.join("\n")));
    }

    fn flush_labels(&mut self) {
        for label in std::mem::take(&mut self.labels) {
            self.note(Some(&label));
        }
    }

    pub(super) fn render(mut self, text: &mut String) {
        self.flush_labels();
        let renderer = Renderer::styled().term_width(self.width);
        let drawn = renderer.render(&[self.group]);
        // annotate-snippets marks a source without a path, if it is the only one, with a separate sign.
        let is_stray =
            |line: &str| self.cut && anstream::adapter::strip_str(line).to_string().trim() == ":::";
        let surplus = " ".repeat(self.surplus);
        for (index, line) in drawn.lines().enumerate().filter(|(_, line)| !is_stray(line)) {
            let of_title = (1..=self.undented).contains(&index);
            text.push_str(line.strip_prefix(&*surplus).filter(|_| of_title).unwrap_or(line));
            text.push('\n');
        }
        text.push('\n');
    }

    /// A location of which not everything is known.
    pub(super) fn place(
        &mut self,
        kind: AnnotationKind,
        file: &str,
        position: Option<(u32, u32)>,
        snippet: Option<&Snippet>,
        label: Option<String>,
    ) {
        let file = visible(file);
        let (Some((line, column)), Some(snippet)) = (position, snippet) else {
            let origin = Origin::path(file);
            self.push(match position {
                Some((line, column)) => origin.line(line as usize).char_column(column as usize),
                None => origin,
            });
            return;
        };
        let shown = shown(&snippet.text, snippet.value.clone()).fitted(self.width.saturating_sub(FRAME));
        let Shown { text, value, is_exact } = shown;
        let end = FRAME + display_width(text.get(..value.end).unwrap_or_default());
        let (label, below): (Vec<_>, Vec<_>) =
            label.into_iter().partition(|label| end + 1 + display_width(&visible(label)) <= self.width);
        self.labels.extend(below);
        let annotation: Annotation<'d> = kind.span(value).label(label.first().map(|label| visible(label)));
        let source = annotate_snippets::Snippet::source(text).line_start(line as usize);
        if snippet.cut == 0 && is_exact {
            self.push(source.path(file).annotation(annotation));
        } else {
            self.cut = true;
            // The column in a shortened or escaped text is not that of the file.
            if matches!(kind, AnnotationKind::Context) {
                self.push(Padding);
            }
            self.push(Origin::path(file).line(line as usize).char_column(column as usize));
            self.push(source.annotation(annotation));
        }
    }

    fn push(&mut self, element: impl Into<annotate_snippets::Element<'d>>) {
        let group = std::mem::replace(&mut self.group, Group::with_level(Level::ERROR));
        self.group = group.element(element);
    }
}

/// A line as it is drawn.
struct Shown {
    text: String,
    /// The byte range of the value.
    value: Range<usize>,
    /// Whether every character is as in the file.
    is_exact: bool,
}

impl Shown {
    /// Shortens the line to so many columns around the value. A terminal would break a longer line, and the marks below
    /// it would point at something else.
    fn fitted(self, columns: usize) -> Self {
        if display_width(&self.text) <= columns {
            return self;
        }
        let part = |range: Range<usize>| self.text.get(range).unwrap_or_default();
        let (before, value) = (part(0..self.value.start).trim_start(), part(self.value.clone()));
        let after = part(self.value.end..self.text.len()).trim_end();
        let columns = columns.saturating_sub(2 * OMITTED.len());
        let shown = start(value, columns);
        let room = columns.saturating_sub(display_width(shown));
        let right = room.saturating_sub(display_width(before)).max(room / 2);
        let end = if shown == value { start(after, right) } else { "" };
        let left = end_of(before, room.saturating_sub(display_width(end)));
        let mut text = String::new();
        if left.len() < before.len() {
            text.push_str(OMITTED);
        }
        text.push_str(left);
        let value_start = text.len();
        text.push_str(shown);
        let marked = value_start..text.len();
        text.push_str(end);
        if shown.len() < value.len() || end.len() < after.len() {
            text.push_str(OMITTED);
        }
        Shown { text, value: marked, is_exact: false }
    }
}

/// Returns the start of a text that fits into so many columns.
fn start(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += display_width(c.encode_utf8(&mut [0; 4]));
        used > columns
    });
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Returns the end of a text that fits into so many columns.
fn end_of(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let start = text.char_indices().rev().find(|(_, c)| {
        used += display_width(c.encode_utf8(&mut [0; 4]));
        used > columns
    });
    start.and_then(|(start, c)| text.get(start + c.len_utf8()..)).unwrap_or(text)
}

/// Escapes the hidden characters of a line, except tabs, and adjusts the range of the value.
fn shown(line: &str, value: Range<usize>) -> Shown {
    let mut shown = Shown { text: String::with_capacity(line.len()), value: 0..0, is_exact: true };
    let (mut start, mut end) = (None, None);
    for (index, c) in line.chars().enumerate() {
        if index == value.start {
            start = Some(shown.text.len());
        }
        if index == value.end {
            end = Some(shown.text.len());
        }
        if c != '\t' && is_hidden(c) {
            push_visible(&mut shown.text, c);
            shown.is_exact = false;
        } else {
            shown.text.push(c);
        }
    }
    let length = shown.text.len();
    shown.value = start.unwrap_or(length)..end.unwrap_or(length);
    shown
}
