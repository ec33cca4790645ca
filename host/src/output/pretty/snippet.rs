//! One diagnostic: a title, source lines and help, drawn by annotate-snippets like rustc's.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Padding, Renderer};
use hallpass_document::{is_hidden, push_visible};

use super::super::Snippet;
use super::style::wrapped;
use crate::text::{display_name, visible};

pub(super) struct Annotated<'d> {
    group: Group<'d>,
    width: usize,
    /// A line was too long to be shown from its start.
    cut: bool,
}

/// The width of a help line's prefix: `     = help: `, for line numbers of up to four digits.
const HELP_INDENT: usize = 13;

impl<'d> Annotated<'d> {
    /// `level[id]: title`
    pub(super) fn new(level: &'static str, id: Option<&'d str>, title: &str, width: usize) -> Self {
        let base = if level == "warning" { Level::WARNING } else { Level::ERROR };
        let before = level.len() + id.map_or(0, |id| id.len() + 2) + 2;
        let title =
            base.with_name(level).primary_title(wrapped(&visible(title), width - before.min(width), 0));
        let title = match id {
            Some(id) => title.id(id),
            None => title,
        };
        Annotated { group: Group::with_title(title), width, cut: false }
    }

    /// The primary location of the diagnostic.
    pub(super) fn at(
        &mut self,
        file: &str,
        position: Option<(u32, u32)>,
        snippet: Option<&Snippet>,
        label: Option<String>,
    ) {
        self.place(AnnotationKind::Primary, file, position, snippet, label);
    }

    /// A location to compare it with.
    pub(super) fn beside(
        &mut self,
        file: &str,
        position: Option<(u32, u32)>,
        snippet: Option<&Snippet>,
        label: Option<String>,
    ) {
        self.place(AnnotationKind::Context, file, position, snippet, label);
    }

    pub(super) fn help(&mut self, help: Option<&str>) {
        self.remark(Level::HELP, help);
    }

    pub(super) fn note(&mut self, note: Option<&str>) {
        self.remark(Level::NOTE, note);
    }

    fn remark(&mut self, level: Level<'d>, text: Option<&str>) {
        if let Some(text) = text {
            let width = self.width.saturating_sub(HELP_INDENT);
            self.push(level.message(wrapped(&visible(text), width, 0)));
        }
    }

    pub(super) fn render(self, text: &mut String) {
        let renderer = Renderer::styled().term_width(self.width);
        let drawn = renderer.render(&[self.group]);
        // annotate-snippets marks a source without a path, if it is the only one, with a separate sign.
        let is_stray =
            |line: &str| self.cut && anstream::adapter::strip_str(line).to_string().trim() == ":::";
        for line in drawn.lines().filter(|line| !is_stray(line)) {
            text.push_str(line);
            text.push('\n');
        }
        text.push('\n');
    }

    fn place(
        &mut self,
        kind: AnnotationKind,
        file: &str,
        position: Option<(u32, u32)>,
        snippet: Option<&Snippet>,
        label: Option<String>,
    ) {
        let file = display_name(file);
        let (Some((line, column)), Some(snippet)) = (position, snippet) else {
            let origin = Origin::path(file);
            self.push(match position {
                Some((line, column)) => origin.line(line as usize).char_column(column as usize),
                None => origin,
            });
            return;
        };
        let Shown { text, value, is_exact } = shown(&snippet.text, snippet.value.clone());
        let annotation: Annotation<'d> = kind.span(value).label(label.map(|label| visible(&label)));
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
