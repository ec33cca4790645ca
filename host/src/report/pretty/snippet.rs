//! One diagnostic: a title, the lines it speaks of, help. Drawn by annotate-snippets, as rustc draws its own.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Padding, Renderer};

use super::super::Snippet;
use super::style::wrapped;
use crate::text::{display_name, visible};

pub(super) struct Diagnostic<'d> {
    group: Group<'d>,
    width: usize,
    /// A line was too long to be shown from its start.
    cut: bool,
}

/// What stands before the text of a help line: `     = help: `, for line numbers of up to four digits.
const HELP_INDENT: usize = 13;

impl<'d> Diagnostic<'d> {
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
        Diagnostic { group: Group::with_title(title), width, cut: false }
    }

    /// The place that the diagnostic is about.
    pub(super) fn at(
        &mut self,
        file: &str,
        position: Option<(u32, u32)>,
        snippet: Option<&Snippet>,
        label: Option<String>,
    ) {
        self.place(AnnotationKind::Primary, file, position, snippet, label);
    }

    /// A place to compare it with.
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
        // A source without a path, whose place is drawn by itself, gets a sign of its own for that.
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
        let annotation: Annotation<'d> =
            kind.span(bytes(&snippet.text, snippet.value.clone())).label(label.map(|label| visible(&label)));
        let source = annotate_snippets::Snippet::source(snippet.text.clone()).line_start(line as usize);
        if snippet.cut == 0 {
            self.push(source.path(file).annotation(annotation));
        } else {
            self.cut = true;
            // The column in the shortened text is not that of the file.
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

/// A range of characters as a range of bytes.
fn bytes(text: &str, chars: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let offset = |char: usize| text.char_indices().nth(char).map_or(text.len(), |(offset, _)| offset);
    offset(chars.start)..offset(chars.end)
}
