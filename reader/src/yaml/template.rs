//! Unrendered templates, such as the files of a Helm chart: most errors near a `{{` have this cause.

use super::source::Source;
use crate::position::Cursor;
use crate::shown::{clamp, shown};
use hallpass_document::{Code, Diagnostic, Position};

const OPEN: &str = "{{";
const CLOSE: &str = "}}";
const COMMENT_END: &str = "*/";

/// A template action.
struct Action<'a> {
    /// Its position and width on the first line.
    at: Position,
    /// The text on its first line.
    text: &'a str,
    last_line: u32,
}

/// Returns the error, or an error for the template that causes it.
pub(super) fn explain(error: Diagnostic, source: &Source<'_>) -> Diagnostic {
    let line = error.position.map_or(0, |position| position.line);
    let Some(action) = to_blame(line, source) else { return error };
    let more = if action.last_line > action.at.line { "…" } else { "" };
    Diagnostic::at(action.at, format!("`{}{more}` is an unrendered template", shown(action.text)))
        .help("render it first, for example with `helm template`")
        .path(error.path)
        .code(Code::Template)
}

/// Returns the action that covers a line with an error, or else one above it at the very start of its line, where
/// manifests have no text.
fn to_blame<'a>(line: u32, source: &Source<'a>) -> Option<Action<'a>> {
    let mut above = None;
    for action in Actions::new(source).take_while(|action| action.at.line <= line) {
        if action.last_line >= line {
            return Some(action);
        }
        if above.is_none() && action.at.column == 1 {
            above = Some(action);
        }
    }
    above
}

/// The actions in a text, in order.
struct Actions<'a> {
    text: &'a str,
    cursor: Cursor<'a>,
    last_comment_end: usize,
}

impl<'a> Actions<'a> {
    fn new(source: &Source<'a>) -> Self {
        let text = source.text();
        Actions { text, cursor: source.first(), last_comment_end: text.rfind(COMMENT_END).unwrap_or(0) }
    }

    /// Returns the length of the action at a byte; `None` if it is not closed.
    fn length(&self, start: usize) -> Option<usize> {
        let inside = start + OPEN.len();
        let rest = self.text.get(inside..)?;
        let is_comment = rest.trim_start_matches('-').trim_start().starts_with("/*");
        let skipped = if is_comment && self.last_comment_end > inside { rest.find(COMMENT_END)? } else { 0 };
        let rest = rest.get(skipped..)?.as_bytes();
        // Actions cannot be nested.
        let end = rest.windows(2).position(|two| two == OPEN.as_bytes() || two == CLOSE.as_bytes())?;
        let closes = rest.get(end) == Some(&b'}');
        closes.then_some(OPEN.len() + skipped + end + CLOSE.len())
    }
}

impl<'a> Iterator for Actions<'a> {
    type Item = Action<'a>;

    fn next(&mut self) -> Option<Action<'a>> {
        let start = self.cursor.at + self.text.get(self.cursor.at..)?.find(OPEN)?;
        self.cursor.advance(start);
        let at = self.cursor.spot(0);
        let length = self.length(start);
        let end = length.map_or(self.text.len(), |length| start + length);
        let text = self.text.get(start..end)?.split(['\n', '\r']).next()?.trim_end();
        self.cursor.advance(start + length.unwrap_or(OPEN.len()));
        let last_line = self.cursor.spot(0).line;
        Some(Action { at: Position { width: clamp(text.chars().count()), ..at }, text, last_line })
    }
}
