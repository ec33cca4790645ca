//! Positions in the text of a file, and the ends of values.

/// A text with the offsets of its lines.
#[derive(Debug)]
pub(crate) struct Text<'t> {
    pub(crate) text: &'t str,
    starts: Vec<usize>,
    /// Whether each character is one byte.
    is_ascii: bool,
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

impl<'t> Text<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Text { text, starts: std::iter::once(0).chain(ends).collect(), is_ascii: text.is_ascii() }
    }

    /// Returns the offset of a position, which counts from 1.
    pub(crate) fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let mut start = *self.starts.get((line as usize).checked_sub(1)?)?;
        if self.is_ascii {
            // Fast, because a file on a single line may be long.
            return Some(start + (column as usize).checked_sub(1)?);
        }
        let mut rest = self.text.get(start..)?;
        if let Some(marked) = rest.strip_prefix(BYTE_ORDER_MARK) {
            start += BYTE_ORDER_MARK.len_utf8();
            rest = marked;
        }
        let before = rest.chars().take((column as usize).checked_sub(1)?).map(char::len_utf8);
        Some(start + before.sum::<usize>())
    }

    /// Returns the offset after a number of characters.
    pub(crate) fn after(&self, offset: usize, width: u32) -> Option<usize> {
        let rest = self.text.get(offset..)?;
        if self.is_ascii {
            return Some((offset + width as usize).min(self.text.len()));
        }
        Some(offset + rest.chars().take(width as usize).map(char::len_utf8).sum::<usize>())
    }

    /// Returns the start of the line that contains an offset.
    pub(crate) fn line_start(&self, offset: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        self.starts.get(line).copied().unwrap_or_default()
    }

    /// Returns the start of the next line, or the end of the text.
    pub(crate) fn next_line(&self, offset: usize) -> usize {
        let next = self.starts.partition_point(|start| *start <= offset);
        self.starts.get(next).copied().unwrap_or(self.text.len())
    }

    /// Returns the number of characters before an offset on its line.
    pub(crate) fn column(&self, offset: usize) -> usize {
        self.before(offset).trim_start_matches(BYTE_ORDER_MARK).chars().count()
    }

    /// Returns the text before an offset on its line.
    pub(crate) fn before(&self, offset: usize) -> &'t str {
        self.get(self.line_start(offset), offset)
    }

    pub(crate) fn get(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Returns the rest of the line from an offset, without its line ending.
    pub(crate) fn rest_of_line(&self, offset: usize) -> &'t str {
        self.get(offset, self.next_line(offset)).trim_end_matches(['\n', '\r'])
    }

    /// Whether the file is JSON, in which every string has quotes.
    pub(crate) fn is_json(&self) -> bool {
        self.text.trim_start_matches(BYTE_ORDER_MARK).trim_start().starts_with(['{', '['])
    }

    /// Returns the line ending of the file.
    pub(crate) fn ending(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// Returns the offset after the last line of a text that starts at an offset. Its lines have more than `indent` blanks;
    /// blank lines at the end are not part of it.
    pub(crate) fn block_end(&self, start: usize, indent: usize) -> usize {
        let mut end = self.next_line(start);
        let mut at = end;
        while at < self.text.len() {
            let line = self.rest_of_line(at);
            let text = line.trim_start_matches(' ');
            let is_blank = text.trim().is_empty();
            if !is_blank && line.len() - text.len() <= indent {
                break;
            }
            at = self.next_line(at);
            if !is_blank {
                end = at;
            }
        }
        end
    }

    /// Returns the offset after a string that starts at an offset with a quote.
    pub(crate) fn quotes_end(&self, start: usize) -> Option<usize> {
        let mut chars = self.text.get(start..)?.char_indices();
        let (_, quote) = chars.next()?;
        loop {
            match chars.next()? {
                (_, '\\') if quote == '"' => {
                    chars.next()?;
                }
                (_, '\'') if quote == '\'' && chars.as_str().starts_with(quote) => {
                    chars.next();
                }
                (at, end) if end == quote => return Some(start + at + end.len_utf8()),
                _ => {}
            }
        }
    }

    /// Returns the offset after a list or map that starts at an offset with `[` or `{`.
    pub(crate) fn flow_end(&self, start: usize) -> Option<usize> {
        let mut depth = 0_usize;
        let mut chars = self.text.get(start..)?.char_indices().peekable();
        let mut before = ' ';
        while let Some((at, c)) = chars.next() {
            match c {
                '[' | '{' => depth += 1,
                ']' | '}' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(start + at + c.len_utf8());
                    }
                }
                // Within a word, quotes have no meaning.
                '\'' | '"' if before.is_whitespace() || "[{,:".contains(before) => {
                    let end = self.quotes_end(start + at)?;
                    while chars.next_if(|(at, _)| start + at < end).is_some() {}
                }
                '#' if before.is_whitespace() => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
                _ => {}
            }
            before = c;
        }
        None
    }
}

/// Returns the offsets in a line at which a comment starts, or text that looks like one.
pub(crate) fn signs(line: &str) -> impl Iterator<Item = usize> {
    let before = |at: usize| line.get(..at).and_then(|before| before.chars().next_back());
    let signs = line.match_indices('#').map(|(at, _)| at);
    signs.filter(move |at| before(*at).is_none_or(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::{Text, signs};

    #[test]
    fn a_comment_starts_a_line_or_follows_a_blank() {
        for (line, at) in
            [("# a", Some(0)), ("  - b#c # d # e", Some(8)), ("f:\t# g", Some(3)), ("h#i", None)]
        {
            assert_eq!(signs(line).next(), at);
        }
    }

    #[test]
    fn the_end_of_a_flow_collection_is_its_bracket() {
        for (text, value) in [
            ("[a, b] # ]", "[a, b]"),
            ("{a: [b, {c: d}], e: f}, g", "{a: [b, {c: d}], e: f}"),
            (r#"["]", 'it''s ]', a]b"#, r#"["]", 'it''s ]', a]"#),
            (r#"["\"]"]"#, r#"["\"]"]"#),
            ("[a, # ]\n b]", "[a, # ]\n b]"),
            ("[it's, b]", "[it's, b]"),
            ("[a#b]", "[a#b]"),
        ] {
            let end = Text::new(text).flow_end(0).expect("an end");
            assert_eq!(Text::new(text).get(0, end), value);
        }
        assert_eq!(Text::new("[a").flow_end(0), None);
    }

    #[test]
    fn a_text_ends_with_its_last_line() {
        let text = "  a: |\n\n    b\n   # c\n\n  # d\n    e\n";
        assert_eq!(Text::new(text).get(0, Text::new(text).block_end(5, 2)), "  a: |\n\n    b\n   # c\n");
    }
}
