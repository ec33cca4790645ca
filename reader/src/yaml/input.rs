//! Passes characters to the parser, and corrects the text where the parser is stricter or laxer than kubectl.

use saphyr_parser::Input;
use saphyr_parser::input::SkipTabs;

use super::shift::Shifts;

/// The text of a document, which `survey` has checked.
pub(super) struct Text<'a, 's> {
    text: &'a str,
    rest: &'a str,
    /// Whether the text ends without a line break. kubectl adds one, which matters for block scalars.
    adds_break: bool,
    lookahead: usize,
    /// The number of bytes left at the parser's last lookahead.
    looked: usize,
    /// The number of open brackets.
    depth: usize,
    /// The last quoted scalar.
    quoted: Quoted,
    /// The indentation that the parser requires for lines inside brackets or quotes. kubectl does not require it, and
    /// users often put closing brackets below the key.
    indent: usize,
    /// The number of blanks still to insert before this line.
    blanks: usize,
    shifts: &'s Shifts,
    /// A known byte, and the number of characters before it.
    met: (usize, usize),
}

/// The parser's lookahead, and the extra space that it allocates for a scalar. Its default of 128 costs a second
/// allocation per scalar.
const WINDOW: usize = 16;

/// The deepest indentation that is corrected. It limits the cost of a line break.
const DEEPEST: usize = 64;

/// The parser's lookahead after a quote that opens a scalar.
const AFTER_QUOTE: usize = 4;

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// A quoted scalar outside of brackets.
#[derive(Clone, Copy, Default)]
struct Quoted {
    /// The number of bytes after its closing quote.
    after: usize,
    has_breaks: bool,
}

/// Returns the length of the rest of a scalar whose opening quote precedes `text`, including its closing quote.
fn quoted_length(text: &str, quote: u8) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((index, byte)) = bytes.next() {
        if byte == b'\\' && quote == b'"' {
            bytes.next();
        } else if byte == quote {
            let written_twice = quote == b'\'' && bytes.next_if(|(_, next)| *next == quote).is_some();
            if !written_twice {
                return Some(index + 1);
            }
        }
    }
    None
}

impl<'a, 's> Text<'a, 's> {
    pub(super) fn new(text: &'a str, shifts: &'s Shifts) -> Self {
        let mut input = Text {
            text,
            rest: text,
            adds_break: !text.ends_with(['\n', '\r']),
            lookahead: 0,
            looked: usize::MAX,
            depth: 0,
            quoted: Quoted::default(),
            indent: 0,
            blanks: 0,
            shifts,
            met: (0, 0),
        };
        input.refill();
        input
    }

    fn refill(&mut self) {
        if self.rest.is_empty() && self.adds_break {
            self.rest = "\n";
            self.text = "\n";
            self.adds_break = false;
            self.depth = 0;
            self.quoted = Quoted::default();
        }
    }

    /// Skips whole characters without a line break.
    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
        self.refill();
    }

    fn read(&self) -> &'a str {
        self.text.get(..self.text.len() - self.rest.len()).unwrap_or_default()
    }

    /// The parser calls this after each bracket, and after nothing else that ends in one.
    fn count_bracket(&mut self) {
        match self.read().as_bytes().last() {
            Some(b'[' | b'{') => {
                if self.depth == 0 {
                    self.indent = self.indent_below();
                }
                self.depth += 1;
            }
            Some(b']' | b'}') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// Returns an indentation deeper than that of the current block.
    fn indent_below(&self) -> usize {
        let line = self.read().rsplit(['\n', '\r']).next().unwrap_or_default();
        line.bytes().take(DEEPEST).take_while(|byte| matches!(byte, b' ' | b'-' | b'?')).count() + 1
    }

    /// The parser looks this far ahead directly after a quote that opens a scalar. After any other quote, it first
    /// looks ahead less far.
    fn find_quote(&mut self) {
        let quote = match self.read().as_bytes().last() {
            Some(&quote @ (b'"' | b'\'')) if self.depth == 0 => quote,
            _ => return,
        };
        // If nothing closes the quote, that is the error, not its indentation.
        let length = quoted_length(self.rest, quote).unwrap_or(self.rest.len());
        let inside = self.rest.get(..length).unwrap_or_default();
        self.quoted = Quoted { after: self.rest.len() - length, has_breaks: inside.contains(['\n', '\r']) };
        self.indent = self.indent_below();
    }

    fn in_quotes(&self) -> bool {
        self.quoted.has_breaks && self.rest.len() > self.quoted.after
    }

    #[inline(never)]
    fn skip_with_blanks(&mut self) {
        if self.blanks > 0 {
            self.blanks -= 1;
            return;
        }
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        self.refill();
        if c == Some('\n') || c == Some('\r') && !self.rest.starts_with('\n') {
            self.indent_line();
        }
    }

    /// Inserts blanks before a line inside brackets or quotes if the parser requires more indentation.
    fn indent_line(&mut self) {
        let own = self.rest.bytes().take(self.indent).take_while(|&byte| byte == b' ').count();
        let ends_document = ["...", "---"].iter().any(|mark| {
            self.rest.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(BLANKS))
        });
        if own < self.indent && !ends_document && !self.rest.is_empty() {
            let (byte, chars) = self.met;
            let now = self.read();
            let chars = chars + now.get(byte..).unwrap_or_default().chars().count();
            self.met = (now.len(), chars);
            self.blanks = self.indent - own;
            self.shifts.push(chars, self.blanks);
        }
    }
}

impl Input for Text<'_, '_> {
    #[inline]
    fn lookahead(&mut self, count: usize) {
        self.lookahead = self.lookahead.max(count);
        if count == AFTER_QUOTE && self.looked != self.rest.len() {
            self.find_quote();
        }
        self.looked = self.rest.len();
    }

    #[inline]
    fn buflen(&self) -> usize {
        self.lookahead
    }

    #[inline]
    fn bufmaxlen(&self) -> usize {
        WINDOW
    }

    #[inline]
    fn raw_read_ch(&mut self) -> char {
        let c = self.peek();
        self.skip();
        c
    }

    #[inline]
    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let c = self.peek_opt().filter(|c| !matches!(c, '\n' | '\r'))?;
        self.skip();
        Some(c)
    }

    #[inline]
    fn skip(&mut self) {
        if self.depth > 0 || self.in_quotes() {
            self.skip_with_blanks();
            return;
        }
        let mut chars = self.rest.chars();
        chars.next();
        self.rest = chars.as_str();
        if self.rest.is_empty() {
            self.refill();
        }
    }

    #[inline]
    fn skip_n(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    #[inline]
    fn peek(&self) -> char {
        if self.blanks > 0 {
            return ' ';
        }
        match self.rest.as_bytes().first() {
            Some(&byte) if byte.is_ascii() => char::from(byte),
            _ => self.rest.chars().next().unwrap_or('\0'),
        }
    }

    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        let Some(n) = n.checked_sub(self.blanks) else { return ' ' };
        match self.rest.as_bytes().get(..=n) {
            Some(bytes) if bytes.is_ascii() => bytes.last().copied().map_or('\0', char::from),
            _ => self.rest.chars().nth(n).unwrap_or(if self.adds_break { '\n' } else { '\0' }),
        }
    }

    #[inline]
    fn peek_opt(&self) -> Option<char> {
        if self.blanks > 0 { Some(' ') } else { self.rest.chars().next() }
    }

    /// A tab after a key's `:` counts as a blank, as in kubectl.
    fn skip_ws_to_eol(&mut self, tabs: SkipTabs) -> (usize, Result<SkipTabs, &'static str>) {
        let with_tabs = tabs == SkipTabs::Yes;
        if with_tabs && self.blanks == 0 {
            self.count_bracket();
        }
        let added = std::mem::take(&mut self.blanks);
        let own = self.rest.bytes().take_while(|&b| b == b' ' || with_tabs && b == b'\t').count();
        let tab = self.rest.get(..own).is_some_and(|blanks| blanks.contains('\t'));
        self.advance(own);
        let blanks = added + own;
        if !self.rest.starts_with('#') {
            return (blanks, Ok(SkipTabs::Result(tab, blanks > 0)));
        }
        if blanks == 0 {
            return (0, Err("comments must be separated from other tokens by whitespace"));
        }
        let comment = self.skip_while_non_breakz();
        (blanks + comment, Ok(SkipTabs::Result(tab, true)))
    }

    /// Skips a comment.
    fn skip_while_non_breakz(&mut self) -> usize {
        let added = std::mem::take(&mut self.blanks);
        let end = self.rest.bytes().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(self.rest.len());
        let chars = self.rest.get(..end).unwrap_or_default().chars().count();
        self.advance(end);
        added + chars
    }
}
