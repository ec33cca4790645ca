//! A stream of JSON documents, parsed with jiter, which does not recurse and reports positions.

mod explain;

use std::borrow::Cow;

use hallpass_document::{OtherNumber, Value};
use jiter::{Jiter, JiterError, Peek};

use crate::Limits;
use crate::position::{Cursor, Place};
use crate::shown::shown;
use crate::stream::Chunk;
use crate::tree::{Builder, Tree};
use hallpass_document::Diagnostic;

/// The documents in a text.
#[derive(Debug)]
pub(crate) struct Json<'a> {
    text: &'a str,
    jiter: Jiter<'a>,
    cursor: Cursor<'a>,
    /// The start of the current document.
    start: Cursor<'a>,
    duplicates_limit: usize,
}

/// Why a document is not read.
pub(crate) enum Failure {
    /// It is not JSON.
    Syntax(Diagnostic),
    /// Valid JSON that this reader rejects.
    Refused(Diagnostic),
}

impl From<Diagnostic> for Failure {
    fn from(error: Diagnostic) -> Self {
        Failure::Refused(error)
    }
}

impl<'a> Json<'a> {
    pub(crate) fn new(text: &'a str, limits: Limits) -> Self {
        let cursor = Cursor::new(text);
        let jiter = Jiter::new(text.as_bytes());
        Json { text, jiter, start: cursor.clone(), cursor, duplicates_limit: limits.duplicates }
    }

    /// Returns the text from the start of the last document.
    pub(crate) fn rest(&self) -> Chunk<'a> {
        let at = self.start.spot(0);
        let text = self.text.get(self.start.at..).unwrap_or_default();
        Chunk { text, line: at.line, column: at.column.saturating_sub(1), template: None }
    }

    /// Reads the next document; `None` if only blanks are left.
    pub(crate) fn next(&mut self) -> Option<Result<Tree<'a>, Failure>> {
        self.cursor.advance(self.after_blanks(self.jiter.current_index()));
        self.start = self.cursor.clone();
        self.cursor.peek()?;
        let mut builder = Builder::new(self.duplicates_limit);
        match self.document(&mut builder) {
            Ok(()) => builder.finish().map(Ok),
            Err(failure) => Some(Err(failure)),
        }
    }

    fn document(&mut self, builder: &mut Builder<'a>) -> Result<(), Failure> {
        let mut next = Some(self.peek(builder)?);
        loop {
            next = match next {
                Some(peek) => self.node(peek, builder)?,
                None if builder.depth() == 0 => return Ok(()),
                None if builder.in_list() => match self.jiter.array_step() {
                    Ok(None) => close(builder)?,
                    Ok(item) => item,
                    Err(error) => return Err(self.syntax(&error, builder)),
                },
                None => self.field(false, builder)?,
            };
        }
    }

    /// Reads a scalar, or opens a map or list and returns the first token of its first child.
    fn node(&mut self, peek: Peek, builder: &mut Builder<'a>) -> Result<Option<Peek>, Failure> {
        let start = self.jiter.current_index();
        self.cursor.advance(start);
        let value = match peek {
            Peek::Array => {
                builder.open_list(self.cursor.spot(0))?;
                return match self.jiter.known_array() {
                    Ok(None) => Ok(close(builder)?),
                    Ok(first) => Ok(first),
                    Err(error) => Err(self.syntax(&error, builder)),
                };
            }
            Peek::Object => {
                builder.open_map(self.cursor.spot(0))?;
                return self.field(true, builder);
            }
            Peek::String => self.jiter.known_str().map(|text| Value::String(borrow(self.text, start, text))),
            Peek::Null => self.jiter.known_null().map(|()| Value::Null),
            Peek::True | Peek::False => self.jiter.known_bool(peek).map(Value::Bool),
            _ => self.jiter.known_number_bytes(peek).map(|_| Value::Null),
        };
        let mut value = value.map_err(|error| self.syntax(&error, builder))?;
        let written = self.text.get(start..self.jiter.current_index()).unwrap_or_default();
        let spot = self.cursor.spot(written.chars().count());
        if peek.is_num() {
            value = number(written).ok_or_else(|| {
                builder.error(spot, format!("`{}` is too large for a number", shown(written)))
            })?;
        }
        builder.value(value, Place::new(spot));
        Ok(None)
    }

    /// Reads a key, the first of its map or a later one, and returns the first token of its value; or closes the map.
    fn field(&mut self, first: bool, builder: &mut Builder<'a>) -> Result<Option<Peek>, Failure> {
        let before = self.after_blanks(self.jiter.current_index());
        let key = if first { self.jiter.known_object() } else { self.jiter.next_key() };
        let key = match key {
            Err(error) => return Err(self.syntax(&error, builder)),
            Ok(None) => return Ok(close(builder)?),
            Ok(Some(key)) => {
                // The brace of the map, or a comma, precedes the key.
                let start = after_blanks(self.text, before + 1);
                self.cursor.advance(start);
                borrow(self.text, start, key)
            }
        };
        let written = written_string(self.text.get(self.cursor.at..).unwrap_or_default());
        builder.key(key, Place::new(self.cursor.spot(written.chars().count())), false)?;
        self.peek(builder).map(Some)
    }

    fn peek(&mut self, builder: &Builder<'a>) -> Result<Peek, Failure> {
        self.jiter.peek().map_err(|error| self.syntax(&error, builder))
    }

    fn after_blanks(&self, from: usize) -> usize {
        after_blanks(self.text, from)
    }

    fn syntax(&self, error: &JiterError, builder: &Builder<'a>) -> Failure {
        let mut cursor = self.cursor.clone();
        cursor.advance(error.index.min(self.text.len()));
        Failure::Syntax(explain::syntax(error, cursor.spot(0)).path(builder.path()))
    }
}

fn close<'a>(builder: &mut Builder<'a>) -> Result<Option<Peek>, Diagnostic> {
    if let Some((node, place)) = builder.close()? {
        builder.value(node, place);
    }
    Ok(None)
}

fn after_blanks(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// Returns the string whose opening quote is at `start`, borrowed unless it has escapes.
fn borrow<'a>(text: &'a str, start: usize, decoded: &str) -> Cow<'a, str> {
    let written = text.get(start + 1..start + 1 + decoded.len());
    match written.filter(|written| *written == decoded) {
        Some(written) => Cow::Borrowed(written),
        None => Cow::Owned(decoded.to_owned()),
    }
}

/// Returns the string literal at the start of a valid text, including quotes.
fn written_string(text: &str) -> &str {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.and_then(|end| text.get(..end + 2)).unwrap_or(text)
}

fn number<'a>(written: &str) -> Option<Value<'a>> {
    if let Ok(int) = written.parse() {
        return Some(Value::Int(int));
    }
    if let Ok(int) = written.parse::<u64>() {
        return Some(OtherNumber::value(int.into()));
    }
    written.parse().ok().filter(|float: &f64| float.is_finite()).map(Value::from_json_float)
}
