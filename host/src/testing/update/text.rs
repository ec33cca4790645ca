//! Positions in the text of a file, and the ends of values.

/// A text with the offsets of its lines.
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    starts: Vec<usize>,
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Text { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Returns the offset of a position, which counts from 1.
    pub(super) fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let mut start = *self.starts.get((line as usize).checked_sub(1)?)?;
        let mut rest = self.text.get(start..)?;
        if let Some(marked) = rest.strip_prefix(BYTE_ORDER_MARK) {
            start += BYTE_ORDER_MARK.len_utf8();
            rest = marked;
        }
        let before = rest.chars().take((column as usize).checked_sub(1)?).map(char::len_utf8);
        Some(start + before.sum::<usize>())
    }

    /// Returns the offset after a number of characters.
    pub(super) fn after(&self, offset: usize, width: u32) -> Option<usize> {
        let rest = self.text.get(offset..)?;
        Some(offset + rest.chars().take(width as usize).map(char::len_utf8).sum::<usize>())
    }

    /// Returns the start of the line that contains an offset.
    pub(super) fn line_start(&self, offset: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        self.starts.get(line).copied().unwrap_or_default()
    }

    /// Returns the start of the next line, or the end of the text.
    pub(super) fn next_line(&self, offset: usize) -> usize {
        let next = self.starts.partition_point(|start| *start <= offset);
        self.starts.get(next).copied().unwrap_or(self.text.len())
    }

    pub(super) fn get(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Returns the rest of the line from an offset, without its line ending.
    pub(super) fn rest_of_line(&self, offset: usize) -> &'t str {
        self.get(offset, self.next_line(offset)).trim_end_matches(['\n', '\r'])
    }

    /// Returns the line ending of the file.
    pub(super) fn ending(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// Returns the offset after the last line of a block that starts at an offset. The lines of the block are those with
    /// more than `indent` blanks, or with as many if `belongs` accepts the line. Blank lines and comments at the end are
    /// not part of it.
    pub(super) fn block_end(&self, start: usize, indent: usize, belongs: fn(&str) -> bool) -> usize {
        let mut end = self.next_line(start);
        let mut at = end;
        while at < self.text.len() {
            let line = self.rest_of_line(at);
            let text = line.trim_start_matches(' ');
            let blanks = line.len() - text.len();
            let is_inside = blanks > indent || blanks == indent && belongs(text);
            if text.trim().is_empty() {
                at = self.next_line(at);
                continue;
            }
            if is_inside {
                end = self.next_line(at);
            } else if !text.starts_with('#') {
                break;
            }
            at = self.next_line(at);
        }
        end
    }

    /// Returns the offset after a list or map that starts at an offset with `[` or `{`.
    pub(super) fn flow_end(&self, start: usize) -> Option<usize> {
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
pub(super) fn comments(text: &str) -> impl Iterator<Item = &str> {
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

    #[test]
    fn a_block_ends_with_its_last_line() {
        let text = "a:\n  - b\n\n  # c\n  - d:\n      e\n  # f\n\ng: h\n";
        let block = |text: &str| text.starts_with('-');
        let end = Text::new(text).block_end(3, 2, block);
        assert_eq!(Text::new(text).get(3, end), "  - b\n\n  # c\n  - d:\n      e\n");
    }
}
