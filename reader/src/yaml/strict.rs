//! Rejects YAML that the parser accepts, but that kubectl rejects or reads differently.

use saphyr_parser::{ScalarStyle, Span};

use super::{Loader, explain};
use hallpass_document::Diagnostic;

impl Loader<'_> {
    /// Whether a `...` line precedes a document.
    pub(super) fn follows_end(&mut self, span: Span) -> bool {
        let start = self.source.byte(span.start);
        let before = self.source.text().get(..start).unwrap_or_default();
        before.lines().any(|line| line.starts_with("..."))
    }

    /// kubectl reads `[a:]` as the text `a:`, but YAML 1.2 as a map with one field; the same applies to `{?a: b}`.
    /// kubectl rejects `[|a]`.
    pub(super) fn refuse_in_flow(
        &mut self,
        text: &str,
        style: ScalarStyle,
        span: Span,
    ) -> Result<(), Diagnostic> {
        if style != ScalarStyle::Plain || !self.in_flow() {
            return Ok(());
        }
        if let Some(mark) = text.chars().next().filter(|mark| matches!(mark, '|' | '>')) {
            let at = self.source.spot(span.start, 1);
            let error = self.builder.error(at, format!("text cannot start with `{mark}` inside brackets"));
            return Err(error.help("put it in quotes"));
        }
        let end = self.source.byte(span.end);
        let (at, mark, help) = if text.starts_with('?') {
            (span.start, '?', "put the text in quotes")
        } else if let [b':', b',' | b'[' | b']' | b'{' | b'}', ..] = self.source.after(end).as_bytes() {
            (span.end, ':', "write a blank after it if it ends a key, or put the text in quotes")
        } else {
            return Ok(());
        };
        let at = self.source.spot(at, 1);
        Err(self
            .builder
            .error(at, format!("YAML parsers disagree on the meaning of this `{mark}`"))
            .help(help))
    }

    /// kubectl never accepts tabs as indentation, but its message is hard to understand.
    pub(super) fn refuse_tab(&mut self, span: Span) -> Result<(), Diagnostic> {
        if self.in_flow() {
            return Ok(());
        }
        match self.source.indenting_tab(span.start) {
            Some(tab) => Err(explain::tab(tab).path(self.builder.path())),
            None => Ok(()),
        }
    }
}
