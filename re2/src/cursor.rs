//! A position in the text of a pattern.

use std::ops::Range;

use crate::error::{Kind, PatternError};

/// Reads a pattern character by character. Copies are used for lookahead.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'p> {
    text: &'p str,
    at: usize,
    /// The start of the last `:]`. Searching for one from every `[:` would take quadratic time.
    last_posix_end: Option<usize>,
}

impl<'p> Cursor<'p> {
    pub(crate) fn new(text: &'p str) -> Self {
        Cursor { text, at: 0, last_posix_end: text.rfind(":]") }
    }

    /// Returns the number of bytes read so far.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'p str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Returns the character after the next one.
    pub(crate) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(crate) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Consumes `expected`, if it comes next.
    pub(crate) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Consumes text up to and including `end`, and returns the text before `end`. Consumes nothing if `end` does not
    /// occur.
    pub(crate) fn eat_until(&mut self, end: &str) -> Option<&'p str> {
        let (before, _) = self.rest().split_once(end)?;
        self.at += before.len() + end.len();
        Some(before)
    }

    /// Whether a `:]` follows.
    pub(crate) fn has_posix_end(&self) -> bool {
        self.last_posix_end.is_some_and(|end| end >= self.at)
    }

    /// Consumes the rest.
    pub(crate) fn eat_rest(&mut self) -> &'p str {
        let rest = self.rest();
        self.at = self.text.len();
        rest
    }

    /// Creates an error for the text since byte `start`.
    pub(crate) fn error_since(&self, start: usize, kind: Kind) -> PatternError {
        self.error(start..self.at, kind)
    }

    /// Creates an error for all text from byte `start` on.
    pub(crate) fn error_from(&self, start: usize, kind: Kind) -> PatternError {
        self.error(start..self.text.len(), kind)
    }

    /// Creates an error for the whole pattern, at byte `at`.
    pub(crate) fn error_whole(&self, at: usize, kind: Kind) -> PatternError {
        PatternError::whole(kind, self.text, at)
    }

    fn error(&self, fragment: Range<usize>, kind: Kind) -> PatternError {
        PatternError::new(kind, self.text, fragment)
    }
}
