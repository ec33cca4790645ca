//! The text at the parser's marks: positions in the file, and strings that are borrowed instead of copied.

use std::borrow::Cow;

use saphyr_parser::{Marker, ScalarStyle};

use crate::position::{Cursor, is_continuation};
use crate::shown::clamp;
use crate::stream::Chunk;
use crate::text::Survey;
use hallpass_document::Position;

/// The text of a document. Marks count characters from its start; this converts them to bytes, in one pass.
pub(super) struct Source<'a> {
    chunk: Chunk<'a>,
    survey: Survey,
    /// The index of a known mark, and its byte.
    met: (usize, usize),
    /// The end of a text without a final line break. The parser reads one there, and marks the position after it.
    end: Option<Position>,
}

impl<'a> Source<'a> {
    pub(super) fn new(chunk: Chunk<'a>, survey: Survey) -> Self {
        let end = (!chunk.text.ends_with(['\n', '\r'])).then(|| {
            let mut cursor = Cursor::starting(chunk.text, 0, chunk.start());
            cursor.advance(chunk.text.len());
            cursor.spot(0)
        });
        Source { chunk, survey, met: (0, 0), end }
    }

    pub(super) fn text(&self) -> &'a str {
        self.chunk.text
    }

    /// Returns a cursor at the start.
    pub(super) fn first(&self) -> Cursor<'a> {
        Cursor::starting(self.chunk.text, 0, self.chunk.start())
    }

    /// Returns the text from a byte on.
    pub(super) fn after(&self, byte: usize) -> &'a str {
        self.chunk.text.get(byte..).unwrap_or_default()
    }

    pub(super) fn spot(&self, mark: Marker, width: usize) -> Position {
        let shift = if mark.line() <= 1 { self.chunk.column } else { 0 };
        let line = self.chunk.line.saturating_add(clamp(mark.line().saturating_sub(1)));
        if let Some(end) = self.end.filter(|end| line > end.line) {
            return end;
        }
        Position {
            line,
            column: clamp(mark.col()).saturating_add(1).saturating_add(shift),
            width: clamp(width),
        }
    }

    /// Returns the byte of a mark. Marks are almost in order, so the total cost is linear.
    pub(super) fn byte(&mut self, mark: Marker) -> usize {
        if self.survey.ascii {
            return mark.index();
        }
        let bytes = self.chunk.text.as_bytes();
        let (mut index, mut byte) = self.met;
        let inside = |byte: usize| bytes.get(byte).is_some_and(|&b| is_continuation(b));
        while index < mark.index() && byte < bytes.len() {
            byte += 1;
            while inside(byte) {
                byte += 1;
            }
            index += 1;
        }
        while index > mark.index() && byte > 0 {
            byte -= 1;
            while inside(byte) {
                byte -= 1;
            }
            index -= 1;
        }
        self.met = (index, byte);
        byte
    }

    /// Returns a scalar's string and position. The parser copies every scalar, but most can be borrowed from the text.
    pub(super) fn scalar(
        &mut self,
        value: Cow<'a, str>,
        style: ScalarStyle,
        start: Cursor<'a>,
    ) -> (Cow<'a, str>, Position) {
        let text = self.after(start.at);
        let quote = match style {
            ScalarStyle::Plain => None,
            ScalarStyle::SingleQuoted => Some('\''),
            ScalarStyle::DoubleQuoted => Some('"'),
            ScalarStyle::Literal | ScalarStyle::Folded => return (shrunk(value), start.spot(0)),
        };
        let Some(quote) = quote else {
            return match text.get(..value.len()).filter(|text| *text == value) {
                Some(text) => (Cow::Borrowed(text), start.spot(self.width(text))),
                None => (shrunk(value), start.spot(0)),
            };
        };
        let inner = text.get(1..).unwrap_or_default();
        let closed = inner.get(value.len()..).is_some_and(|after| after.starts_with(quote));
        let same =
            inner.get(..value.len()).filter(|inner| closed && *inner == value && !inner.contains(quote));
        match same {
            Some(inner) => (Cow::Borrowed(inner), start.spot(self.width(inner) + 2)),
            None => (shrunk(value), start.spot(quoted_width(inner, quote))),
        }
    }

    fn width(&self, text: &str) -> usize {
        if self.survey.ascii { text.len() } else { text.chars().count() }
    }

    /// Returns a cursor at a mark.
    pub(super) fn cursor(&mut self, mark: Marker) -> Cursor<'a> {
        let byte = self.byte(mark);
        let spot = self.spot(mark, 0);
        Cursor::starting(self.chunk.text, byte, spot)
    }

    /// Skips blanks, comments, anchors, tags and block indicators up to the node itself.
    pub(super) fn skip_to_content(&self, cursor: &mut Cursor<'a>) {
        loop {
            let rest = self.after(cursor.at);
            let length = match rest.as_bytes() {
                [b' ' | b'\t' | b'\r' | b'\n', ..] => 1,
                [b':' | b'-' | b'?', b' ' | b'\t' | b'\r' | b'\n', ..] => 1,
                [b'#', ..] => rest.find(['\r', '\n']).unwrap_or(rest.len()),
                [b'&' | b'!', ..] => property_length(rest),
                _ => return,
            };
            cursor.advance(cursor.at + length);
        }
    }

    /// Returns the start of a block list that is indented no deeper than its key. The parser marks the text after the
    /// first `-`.
    pub(super) fn dash(&mut self, mark: Marker) -> Option<Position> {
        let byte = self.byte(mark);
        let line = self.line_before(byte);
        let indent = line.len() - line.trim_start().len();
        line.trim_start().starts_with('-').then(|| {
            let spot = self.spot(mark, 0);
            Position { column: clamp(indent).saturating_add(1), ..spot }
        })
    }

    /// Returns the column of a tab in the indentation of the text at a mark.
    pub(super) fn indenting_tab(&mut self, mark: Marker) -> Option<Position> {
        if !self.survey.tabs {
            return None;
        }
        let byte = self.byte(mark);
        let line = self.line_before(byte);
        let tab = line.find('\t').filter(|_| line.trim_start().is_empty())?;
        Some(Position { column: clamp(tab).saturating_add(1), width: 1, ..self.spot(mark, 0) })
    }

    fn line_before(&self, byte: usize) -> &'a str {
        let before = self.chunk.text.get(..byte).unwrap_or_default();
        before.rsplit(['\n', '\r']).next().unwrap_or_default()
    }

    /// Returns the first tab in an indentation, from a line on.
    pub(super) fn tab_from(&self, line: u32) -> Option<Position> {
        self.lines(line).find_map(|(line, number)| {
            let indent = line.len() - line.trim_start().len();
            let tab = line.find('\t').filter(|tab| *tab < indent && indent < line.len())?;
            Some(Position { line: number, column: clamp(tab).saturating_add(1), width: 1 })
        })
    }

    /// Returns the line that should have been a key; the parser notices the error one line later.
    pub(super) fn line_without_colon(&self, noticed: Position) -> Position {
        let mut found = noticed;
        for (line, number) in self.lines(self.chunk.line) {
            let text = line.trim_start();
            let column = clamp(line.len() - text.len()).saturating_add(1);
            if (number, column) >= (noticed.line, noticed.column) {
                break;
            }
            if !text.is_empty() && !text.starts_with('#') {
                found = Position { line: number, column, width: 0 };
            }
        }
        found
    }

    /// Returns the lines of the document from one on, with their numbers in the file.
    fn lines(&self, from: u32) -> impl Iterator<Item = (&'a str, u32)> {
        let before = from.saturating_sub(self.chunk.line) as usize;
        let lines = self.chunk.text.lines().flat_map(|line| line.split('\r'));
        lines.zip(self.chunk.line..).skip(before)
    }

    /// Returns the line of the file with this number, if it is in this document.
    pub(super) fn line(&self, number: u32) -> &'a str {
        self.lines(number).next().map(|(line, _)| line).unwrap_or_default()
    }
}

/// Returns the length of the anchor or tag at the start of the text.
fn property_length(text: &str) -> usize {
    let end: &[char] =
        if text.starts_with("!<") { &['>'] } else { &[' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'] };
    text.find(end).unwrap_or(text.len()).max(1)
}

/// Returns the name of the anchor among the properties at the start of the text.
pub(super) fn anchor_name(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with('!') {
        rest = rest.get(property_length(rest)..).unwrap_or_default().trim_start_matches('>').trim_start();
    }
    let name = rest.strip_prefix('&').unwrap_or_default();
    name.get(..property_length(name)).unwrap_or_default()
}

/// Returns the width of a quoted scalar, including its opening quote; 0 if it continues on another line.
fn quoted_width(inner: &str, quote: char) -> usize {
    let mut chars = inner.chars().enumerate().peekable();
    while let Some((index, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let escapes = if quote == '"' { c == '\\' } else { c == quote && next == Some(quote) };
        if c == '\n' || c == '\r' || escapes && matches!(next, Some('\n' | '\r')) {
            return 0;
        }
        if escapes {
            chars.next();
        } else if c == quote {
            return index + 2;
        }
    }
    0
}

/// Shrinks a string, because the parser allocates more than a scalar needs.
fn shrunk(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Owned(mut text) => {
            text.shrink_to_fit();
            Cow::Owned(text)
        }
        borrowed @ Cow::Borrowed(_) => borrowed,
    }
}
