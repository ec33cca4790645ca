//! A place in the text of a pattern.

use std::ops::Range;

use super::error::{Fault, PatternError};

/// Reads a pattern character by character. Copies of it look ahead.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'p> {
    text: &'p str,
    at: usize,
    /// Where the last `:]` begins. To look for one anew from every `[:` would take quadratic time.
    last_posix_end: Option<usize>,
}

impl<'p> Cursor<'p> {
    pub(super) fn new(text: &'p str) -> Self {
        Cursor { text, at: 0, last_posix_end: text.rfind(":]") }
    }

    /// The bytes read so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'p str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next one.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads `expected`, if that is what comes next.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Reads up to `end` and past it, and gives what comes before it. Reads nothing if there is no `end`.
    pub(super) fn eat_until(&mut self, end: &str) -> Option<&'p str> {
        let (before, _) = self.rest().split_once(end)?;
        self.at += before.len() + end.len();
        Some(before)
    }

    /// Whether there is a `:]` yet to come.
    pub(super) fn has_posix_end(&self) -> bool {
        self.last_posix_end.is_some_and(|end| end >= self.at)
    }

    /// Reads all that is left.
    pub(super) fn eat_rest(&mut self) -> &'p str {
        let rest = self.rest();
        self.at = self.text.len();
        rest
    }

    /// Blames what was read since the byte `start`.
    pub(super) fn fault_since(&self, start: usize, fault: Fault) -> PatternError {
        self.fault(start..self.at, fault)
    }

    /// Blames all from the byte `start` on.
    pub(super) fn fault_from(&self, start: usize, fault: Fault) -> PatternError {
        self.fault(start..self.text.len(), fault)
    }

    /// Blames the whole pattern, at the byte `at`.
    pub(super) fn fault_whole(&self, at: usize, fault: Fault) -> PatternError {
        PatternError::whole(fault, self.text, at)
    }

    fn fault(&self, fragment: Range<usize>, fault: Fault) -> PatternError {
        PatternError::new(fault, self.text, fragment)
    }
}
