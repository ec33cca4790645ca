//! Compares a string with the text that it was read from, step by step: quotes, escapes and folded lines.

use std::borrow::Cow;
use std::ops::Range;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Without quotes, on one line or several, or folded by a `>`.
    Plain,
    Single,
    Double,
}

/// A walk through the text of a scalar.
pub(crate) struct Walk<'t> {
    rest: &'t str,
    style: Style,
    line: u32,
    column: u32,
}

impl<'t> Walk<'t> {
    /// Starts at the scalar's first character, including a quote or `>`.
    pub(crate) fn new(text: &'t str, line: u32, column: u32) -> Self {
        let mut walk = Walk { rest: text, style: Style::Plain, line, column };
        match text.as_bytes().first() {
            Some(b'"') => walk.style = Style::Double,
            Some(b'\'') => walk.style = Style::Single,
            Some(b'>') => {
                let header = text.find('\n').unwrap_or(text.len());
                walk.skip(header);
                walk.fold();
                return walk;
            }
            _ => return walk,
        }
        walk.skip(1);
        walk
    }

    /// Returns the line, column and width of a part of the string; the width is 0 if the part continues on another
    /// line. `None` if the text does not match the string.
    pub(crate) fn find(mut self, value: &str, part: &Range<usize>) -> Option<(u32, u32, u32)> {
        let mut rest = value;
        let mut start = None;
        loop {
            let at = value.len() - rest.len();
            if at >= part.start && start.is_none() {
                start = Some((self.line, self.column));
            }
            if at >= part.end {
                break;
            }
            rest = rest.strip_prefix(&*self.step()?)?;
        }
        let (line, column) = start?;
        let width = if line == self.line { self.column.saturating_sub(column) } else { 0 };
        Some((line, column, width))
    }

    /// Decodes the next character, escape or line break.
    fn step(&mut self) -> Option<Cow<'t, str>> {
        let next = self.rest.chars().next()?;
        match (self.style, next) {
            (Style::Double, '\\') => self.escape(),
            (Style::Single, '\'') if self.rest.starts_with("''") => {
                self.skip(2);
                Some("'".into())
            }
            (_, ' ' | '\t' | '\r' | '\n')
                if self.rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n') =>
            {
                Some(match self.fold() {
                    1 => " ".into(),
                    breaks => "\n".repeat(breaks.saturating_sub(1)).into(),
                })
            }
            _ => {
                let (step, _) = self.rest.split_at_checked(next.len_utf8())?;
                self.skip(step.len());
                Some(step.into())
            }
        }
    }

    fn escape(&mut self) -> Option<Cow<'t, str>> {
        let code = self.rest.chars().nth(1)?;
        if matches!(code, '\n' | '\r') {
            self.skip(1);
            self.fold();
            return Some("".into());
        }
        let digits = match code {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits == 0 {
            self.skip(1 + code.len_utf8());
            let meant = match code {
                '0' => '\0',
                'a' => '\u{7}',
                'b' => '\u{8}',
                't' => '\t',
                'n' => '\n',
                'v' => '\u{b}',
                'f' => '\u{c}',
                'r' => '\r',
                'e' => '\u{1b}',
                'N' => '\u{85}',
                '_' => '\u{a0}',
                'L' => '\u{2028}',
                'P' => '\u{2029}',
                other => other,
            };
            return Some(meant.to_string().into());
        }
        let unit = self.number(digits)?;
        // JSON uses two escapes for characters beyond 16 bits.
        let scalar = match unit {
            0xD800..=0xDBFF => {
                0x10000 + ((unit - 0xD800) << 10) + self.number(digits)?.checked_sub(0xDC00)?
            }
            _ => unit,
        };
        Some(char::from_u32(scalar)?.to_string().into())
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let number = u32::from_str_radix(self.rest.get(2..2 + digits)?, 16).ok()?;
        self.skip(2 + digits);
        Some(number)
    }

    /// Skips blanks around line breaks, and counts the line breaks.
    fn fold(&mut self) -> usize {
        let blank = self.rest.len() - self.rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let before = self.line;
        self.skip(blank);
        (self.line - before) as usize
    }

    fn skip(&mut self, bytes: usize) {
        let Some((skipped, rest)) = self.rest.split_at_checked(bytes) else { return };
        for c in skipped.chars() {
            if c == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.rest = rest;
    }
}
