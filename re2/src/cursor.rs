//! A place in the text of a pattern.

use std::ops::Range;

use crate::error::{Kind, PatternError};

/// Reads a pattern character by character. Copies of it look ahead.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'p> {
    text: &'p str,
    at: usize,
    /// Where the last `:]` begins. To look for one anew from every `[:` would take quadratic time.
    last_posix_end: Option<usize>,
}

impl<'p> Cursor<'p> {
    pub(crate) fn new(text: &'p str) -> Self {
        Cursor { text, at: 0, last_posix_end: text.rfind(":]") }
    }

    /// The bytes read so far.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'p str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next one.
    pub(crate) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(crate) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads `expected`, if that is what comes next.
    pub(crate) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Reads up to `end` and past it, and gives what comes before it. Reads nothing if there is no `end`.
    pub(crate) fn eat_until(&mut self, end: &str) -> Option<&'p str> {
        let (before, _) = self.rest().split_once(end)?;
        self.at += before.len() + end.len();
        Some(before)
    }

    /// Whether there is a `:]` yet to come.
    pub(crate) fn has_posix_end(&self) -> bool {
        self.last_posix_end.is_some_and(|end| end >= self.at)
    }

    /// Reads all that is left.
    pub(crate) fn eat_rest(&mut self) -> &'p str {
        let rest = self.rest();
        self.at = self.text.len();
        rest
    }

    /// Blames what was read since the byte `start`.
    pub(crate) fn error_since(&self, start: usize, kind: Kind) -> PatternError {
        self.error(start..self.at, kind)
    }

    /// Blames all from the byte `start` on.
    pub(crate) fn error_from(&self, start: usize, kind: Kind) -> PatternError {
        self.error(start..self.text.len(), kind)
    }

    /// Blames the whole pattern, at the byte `at`.
    pub(crate) fn error_whole(&self, at: usize, kind: Kind) -> PatternError {
        PatternError::whole(kind, self.text, at)
    }

    fn error(&self, fragment: Range<usize>, kind: Kind) -> PatternError {
        PatternError::new(kind, self.text, fragment)
    }
}
