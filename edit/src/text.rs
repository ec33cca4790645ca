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
            // A file on a single line may be long.
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

    pub(crate) fn get(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Whether the file is JSON, in which every string has quotes.
    pub(crate) fn is_json(&self) -> bool {
        self.text.trim_start_matches(BYTE_ORDER_MARK).trim_start().starts_with(['{', '['])
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
                // Within a word, these mean nothing.
                '\'' | '"' if before.is_whitespace() || "[{,:".contains(before) => loop {
                    match chars.next()? {
                        (_, '\\') if c == '"' => {
                            chars.next()?;
                        }
                        (_, end) if end == c => {
                            if c == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                                chars.next();
                            } else {
                                break;
                            }
                        }
                        _ => {}
                    }
                },
                '#' if before.is_whitespace() => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
                _ => {}
            }
            before = c;
        }
        None
    }
}

/// Returns the comments in a text, and everything in quotes that looks like one.
pub(crate) fn comments(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let before = |at: usize| line.get(..at).and_then(|before| before.chars().next_back());
        let mut signs = line.match_indices('#').map(|(at, _)| at);
        signs.find(|at| before(*at).is_none_or(char::is_whitespace)).and_then(|at| line.get(at..))
    })
}

#[cfg(test)]
mod tests {
    use super::{Text, comments};

    #[test]
    fn a_comment_starts_a_line_or_follows_a_blank() {
        let text = "# a\n  - b#c # d # e\r\nf:\t# g\n#\nh#i\n";
        assert_eq!(comments(text).collect::<Vec<_>>(), ["# a", "# d # e", "# g", "#"]);
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
}
