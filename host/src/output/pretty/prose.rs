//! Breaks text with several styles into lines.

use anstyle::Style;
use textwrap::core::display_width;

use super::style::styled;

/// Text with one style.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) style: Style,
    pub(super) text: String,
}

/// A line, and its width in columns.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) width: usize,
}

/// Text without style.
pub(super) fn plain(text: impl Into<String>) -> Vec<Piece> {
    vec![Piece { style: Style::new(), text: text.into() }]
}

/// Returns the width of the pieces on one line, and of the longest word.
pub(super) fn extent(pieces: &[Piece]) -> (usize, usize) {
    let words = words(pieces);
    let widths = || words.iter().map(|word| width(word));
    (widths().sum::<usize>() + words.len().saturating_sub(1), widths().max().unwrap_or_default())
}

/// Breaks the pieces into lines of at most so many columns. Longer words are split.
pub(super) fn lines(pieces: &[Piece], columns: usize) -> Vec<Line> {
    let columns = columns.max(1);
    let mut lines = vec![Line::default()];
    for word in words(pieces) {
        let wide = width(&word);
        let Some(line) = lines.last_mut() else { continue };
        if line.width > 0 && line.width + 1 + wide <= columns {
            line.text.push(' ');
            line.width += 1;
        } else if line.width > 0 {
            lines.push(Line::default());
        }
        push(&word, columns, &mut lines);
    }
    lines
}

fn push(word: &[Piece], columns: usize, lines: &mut Vec<Line>) {
    for piece in word {
        let mut part = String::new();
        for c in piece.text.chars() {
            let wide = display_width(c.encode_utf8(&mut [0; 4]));
            let Some(line) = lines.last_mut() else { return };
            if line.width + wide > columns && line.width > 0 {
                // Paths and names are easier to read in whole parts.
                let end = part.rfind(['-', '/', ',']).map_or(part.len(), |end| end + 1);
                let rest = part.split_off(end);
                line.text.push_str(&styled(piece.style, &part));
                line.width -= display_width(&rest);
                lines.push(Line { text: String::new(), width: display_width(&rest) });
                part = rest;
            }
            if let Some(line) = lines.last_mut() {
                line.width += wide;
            }
            part.push(c);
        }
        if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
            line.text.push_str(&styled(piece.style, part));
        }
    }
}

/// Splits at blanks; a word can have several styles.
fn words(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut words: Vec<Vec<Piece>> = Vec::new();
    let mut open = false;
    for piece in pieces {
        for (index, text) in piece.text.split(' ').enumerate() {
            open &= index == 0;
            if text.is_empty() {
                continue;
            }
            let part = Piece { style: piece.style, text: text.to_owned() };
            match words.last_mut().filter(|_| open) {
                Some(word) => word.push(part),
                None => words.push(vec![part]),
            }
            open = true;
        }
    }
    words
}

fn width(word: &[Piece]) -> usize {
    word.iter().map(|piece| display_width(&piece.text)).sum()
}

#[cfg(test)]
mod tests {
    use anstyle::Style;

    use super::{Piece, lines, plain};

    fn texts(pieces: &[Piece], columns: usize) -> Vec<String> {
        lines(pieces, columns)
            .into_iter()
            .map(|line| anstream::adapter::strip_str(&line.text).to_string())
            .collect()
    }

    #[test]
    fn words_fill_lines() {
        assert_eq!(texts(&plain("one two three"), 7), ["one two", "three"]);
        assert_eq!(texts(&plain("abcdefgh ij"), 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(texts(&plain("agent-allowlist-v1/x"), 12), ["agent-", "allowlist-", "v1/x"]);
        assert_eq!(texts(&plain(""), 3), [""]);
    }

    #[test]
    fn a_word_of_two_styles_stays_together() {
        let bold = Style::new().bold();
        let pieces = [
            Piece { style: bold, text: "one tw".into() },
            Piece { style: Style::new(), text: "o, three".into() },
        ];
        assert_eq!(texts(&pieces, 8), ["one two,", "three"]);
        assert_eq!(texts(&pieces, 7), ["one", "two,", "three"]);
    }
}
