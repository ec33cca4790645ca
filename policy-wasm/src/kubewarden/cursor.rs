//! JSON read no further than asked, in one pass: what nobody asks for is passed over, its syntax checked.
//!
//! A server makes a fresh instance for each request, so that all of the settings are paid for each time: their
//! allowlists are many times the size of a workload, and few of them can exempt it.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::value::{MAX_DEPTH, Value};

/// A place in a JSON text.
#[derive(Clone)]
pub(super) struct Cursor<'p> {
    text: &'p str,
    at: usize,
    /// Whether the string that was passed over last has no escape.
    is_plain: bool,
    /// Once there is something else: what was expected. An error as text would cost each step that makes none.
    wanted: &'static str,
}

/// What is wanted where a value is nested too deeply.
const SHALLOWER: &str = "";

impl<'p> Cursor<'p> {
    pub(super) fn new(text: &'p str) -> Self {
        Cursor { text, at: 0, is_plain: true, wanted: SHALLOWER }
    }

    /// Where it stands, in bytes from the beginning.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The byte that comes next, behind any white space.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at).copied() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                next => return next,
            }
        }
    }

    /// Reads a map: `member` is given each key, with the cursor before its value, and must read that. Null is an empty map.
    pub(super) fn map(
        &mut self,
        called: &'static str,
        mut member: impl FnMut(Cow<'p, str>, &mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.begins(b'{', called).ok_or_else(|| self.fault())? {
            loop {
                let key = self.key()?;
                member(key, self)?;
                if self.ends(b'}').ok_or_else(|| self.fault())? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Reads a list: `item` must read the item that the cursor stands before. Null is an empty list.
    pub(super) fn list(
        &mut self,
        called: &'static str,
        mut item: impl FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.begins(b'[', called).ok_or_else(|| self.fault())? {
            loop {
                item(self)?;
                if self.ends(b']').ok_or_else(|| self.fault())? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Passes over a whole value, and gives its text.
    pub(super) fn skip(&mut self) -> Result<&'p str, String> {
        self.peek();
        let start = self.at;
        self.pass().ok_or_else(|| self.fault())?;
        Ok(self.since(start))
    }

    fn pass(&mut self) -> Option<()> {
        // One bit for each list or map around the place: whether it is a map.
        let (mut depth, mut maps) = (0_usize, 0_u128);
        loop {
            match self.peek() {
                Some(opening @ (b'{' | b'[')) => {
                    if depth >= MAX_DEPTH {
                        return self.unexpected(SHALLOWER);
                    }
                    self.at += 1;
                    let is_map = opening == b'{';
                    if self.peek() == Some(closing(is_map)) {
                        self.at += 1;
                    } else {
                        depth += 1;
                        maps = maps << 1 | u128::from(is_map);
                        if is_map {
                            self.raw_key()?;
                        }
                        continue;
                    }
                }
                next => self.scalar(next)?,
            }
            // A value has ended, and with it perhaps what it stands in.
            loop {
                if depth == 0 {
                    return Some(());
                }
                let is_map = maps & 1 == 1;
                if !self.ends(closing(is_map))? {
                    if is_map {
                        self.raw_key()?;
                    }
                    break;
                }
                depth -= 1;
                maps >>= 1;
            }
        }
    }

    /// Nothing may come behind the value that was read.
    pub(super) fn end(&mut self) -> Result<(), String> {
        let ends = if self.peek().is_none() { Some(()) } else { self.unexpected("the end") };
        ends.ok_or_else(|| self.fault())
    }

    /// The text from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'p str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Whether a map or a list begins that is not empty; an empty one, and null, is passed over.
    fn begins(&mut self, opening: u8, called: &'static str) -> Option<bool> {
        match self.peek() {
            Some(next) if next == opening => {
                self.at += 1;
                let is_empty = self.peek() == Some(closing(opening == b'{'));
                self.at += usize::from(is_empty);
                Some(!is_empty)
            }
            Some(b'n') => self.scalar(Some(b'n')).map(|()| false),
            _ => self.unexpected(called),
        }
    }

    /// Whether a map or a list ends behind a value; else another member follows.
    #[inline(always)]
    fn ends(&mut self, closing: u8) -> Option<bool> {
        let ends = match self.peek() {
            Some(b',') => false,
            Some(next) if next == closing => true,
            _ => return self.unexpected("`,` or the end of a map or a list"),
        };
        self.at += 1;
        Some(ends)
    }

    fn key(&mut self) -> Result<Cow<'p, str>, String> {
        self.peek();
        let start = self.at;
        let end = self.raw_key().ok_or_else(|| self.fault())?;
        let key = if self.is_plain {
            self.text.get(start + 1..end - 1).map(Cow::Borrowed)
        } else {
            self.text.get(start..end).and_then(text_of)
        };
        key.or_else(|| self.unexpected("a key")).ok_or_else(|| self.fault())
    }

    /// Passes over a key and the colon behind it, and says where the key ends.
    fn raw_key(&mut self) -> Option<usize> {
        if self.peek() != Some(b'"') {
            return self.unexpected("a key");
        }
        self.string()?;
        let end = self.at;
        if self.peek() != Some(b':') {
            return self.unexpected("`:`");
        }
        self.at += 1;
        Some(end)
    }

    /// Passes over what is neither a map nor a list, and begins with the byte that comes next.
    fn scalar(&mut self, next: Option<u8>) -> Option<()> {
        let literal = match next {
            Some(b'"') => return self.string(),
            Some(b'-' | b'0'..=b'9') => return self.number(),
            Some(b't') => "true",
            Some(b'f') => "false",
            Some(b'n') => "null",
            _ => return self.unexpected("a value"),
        };
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(literal)) {
            return self.unexpected("a value");
        }
        self.at += literal.len();
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        self.is_plain = true;
        loop {
            while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
                let special = special(u64::from_le_bytes(*eight));
                if special != 0 {
                    at += special.trailing_zeros() as usize / 8;
                    break;
                }
                at += 8;
            }
            match bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Some(());
                }
                Some(b'\\') => {
                    self.at = at;
                    self.is_plain = false;
                    self.escape()?;
                    at = self.at;
                }
                Some(b' '..) => at += 1,
                _ => {
                    self.at = at;
                    return self.unexpected("the end of a string");
                }
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let is_hex = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
        self.at += match bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') if bytes.get(self.at + 2..self.at + 6).is_some_and(is_hex) => 6,
            _ => return self.unexpected("an escape"),
        };
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b"-");
        if !self.eat(b"0") {
            self.digits()?;
        }
        if self.eat(b".") {
            self.digits()?;
        }
        if self.eat(b"eE") {
            self.eat(b"+-");
            self.digits()?;
        }
        Some(())
    }

    /// Passes over one of these bytes, if one comes next.
    fn eat(&mut self, any: &[u8]) -> bool {
        let eats = self.text.as_bytes().get(self.at).is_some_and(|byte| any.contains(byte));
        self.at += usize::from(eats);
        eats
    }

    fn digits(&mut self) -> Option<()> {
        let digits =
            self.text.as_bytes().iter().skip(self.at).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return self.unexpected("a digit");
        }
        self.at += digits;
        Some(())
    }

    /// Notes what was expected here; [`fault`](Self::fault) tells it.
    fn unexpected<T>(&mut self, wanted: &'static str) -> Option<T> {
        self.wanted = wanted;
        None
    }

    #[cold]
    fn fault(&self) -> String {
        match self.wanted {
            SHALLOWER => format!("nested deeper than {MAX_DEPTH} levels"),
            wanted => format!("not valid JSON: {wanted} was expected at byte {}", self.at),
        }
    }
}

fn closing(is_map: bool) -> u8 {
    if is_map { b'}' } else { b']' }
}

/// The highest bit of the first byte that ends a run of plain characters in a string; bits above it mean nothing.
fn special(eight: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let equal = |byte: u8| {
        let zero = eight ^ (ONES * u64::from(byte));
        zero.wrapping_sub(ONES) & !zero
    };
    let control = eight.wrapping_sub(ONES * u64::from(b' ')) & !eight;
    (equal(b'"') | equal(b'\\') | control) & (ONES << 7)
}

/// The string that a text in JSON is, if it is one.
pub(super) fn text_of(raw: &str) -> Option<Cow<'_, str>> {
    let plain = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(plain) = plain.filter(|plain| !plain.contains('\\')) {
        return Some(Cow::Borrowed(plain));
    }
    match Value::from_json(raw.as_bytes()) {
        Ok(Value::String(text)) => Some(text),
        _ => None,
    }
}
