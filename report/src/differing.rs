//! Locates the difference between two long strings, instead of their start.

use std::ops::Range;

use hallpass_reader::Location;

use crate::located::LineIndex;
use crate::scalar::Walk;

/// Returns the byte ranges of the words in which two strings first differ. `None` if both are short.
pub(crate) fn first(one: &str, other: &str) -> Option<[Range<usize>; 2]> {
    const SHORT: usize = 100;
    let is_long = |text: &str| text.contains('\n') || text.len() > SHORT;
    if one == other || !(is_long(one) || is_long(other)) {
        return None;
    }
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    Some([words(one, same), words(other, same)])
}

/// Returns the words from the one that contains a byte to the end of its line; the last line if the text ends before
/// the byte.
fn words(text: &str, byte: usize) -> Range<usize> {
    let end = text.trim_end().len();
    let ends = byte >= end;
    let at = text.floor_char_boundary(byte.min(end));
    let (before, after) = text.split_at(at);
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let word = before.rfind(char::is_whitespace).map_or(0, |space| text.ceil_char_boundary(space + 1));
    let start = if ends { line } else { word.max(line) };
    start..at + after.find('\n').unwrap_or(after.len())
}

/// Returns the location of a part of a string; `location` is that of the whole string. `None` if the text of the file does
/// not contain the string, for example because it is an alias.
pub(crate) fn part<'d>(
    lines: &LineIndex<'_>,
    location: Location<'d>,
    value: &str,
    part: &Range<usize>,
) -> Option<Location<'d>> {
    if location.anchor.is_some() || !location.exact {
        return None;
    }
    let text = lines.from(location.line, location.column, value.len())?;
    let (line, column, width) = if text.starts_with('|') {
        in_block(lines, location.line, value, part)?
    } else {
        Walk::new(text, location.line, location.column).find(value, part)?
    };
    Some(Location { line, column, width, ..location })
}

/// In a literal block, each line of the text is an indented line of the string.
fn in_block(lines: &LineIndex<'_>, header: u32, value: &str, part: &Range<usize>) -> Option<(u32, u32, u32)> {
    let before = value.get(..part.start)?;
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let wanted = value.get(line_start..)?.split('\n').next()?;
    let number = u32::try_from(before.matches('\n').count()).ok()?;
    let line = header.checked_add(number)?.checked_add(1)?;
    let text = lines.line(line)?;
    let indent = text.strip_suffix(wanted).filter(|indent| indent.chars().all(|c| c == ' '))?;
    let before = indent.len() + before.get(line_start..)?.chars().count();
    let width = value.get(part.clone())?.chars().count();
    Some((line, u32::try_from(before + 1).ok()?, u32::try_from(width).ok()?))
}

#[cfg(test)]
mod tests {
    use hallpass_reader::read;

    use super::{first, part};
    use crate::located::LineIndex;

    /// Returns the located text of the string under `a`.
    fn pointed_at<'t>(text: &'t str, other: &str) -> Option<(u32, &'t str)> {
        let document = read(text.as_bytes()).next().unwrap().unwrap();
        let value = document.get("/a").unwrap().as_str().unwrap();
        let [words, _] = first(value, other).unwrap();
        let found = part(&LineIndex::new(text.as_bytes()), document.locate("/a"), value, &words)?;
        let line = text.lines().nth(found.line as usize - 1).unwrap();
        let from = found.column as usize - 1;
        let (start, end) = (from, from + found.width as usize);
        let byte = |char: usize| line.char_indices().nth(char).map_or(line.len(), |(byte, _)| byte);
        Some((found.line, line.get(byte(start)..byte(end)).unwrap()))
    }

    const OTHER: &str = "set -e\nrun one --é=1 two\ndone\n";

    #[test]
    fn a_block() {
        let text = "a: |\n  set -e\n  run one --é=2 two\n  done\n";
        assert_eq!(pointed_at(text, OTHER), Some((3, "--é=2 two")));
        let text = "a: |2-\n\n    run\n";
        assert_eq!(pointed_at(text, "\n  ran"), Some((3, "run")));
        let text = "x: 1\r\na: |\r\n  set -e\r\n  run\r\n";
        assert_eq!(pointed_at(text, "set -e\nran\n"), Some((4, "run")));
    }

    #[test]
    fn the_end_of_a_block() {
        let text = "a: |\n  set -e\n  run one\n";
        assert_eq!(pointed_at(text, "set -e\nrun one\ntwo\n"), Some((3, "run one")));
        assert_eq!(pointed_at(text, "set -e\nrun one"), Some((3, "run one")));
    }

    #[test]
    fn quotes() {
        let json = r#"{"b": "é", "a": "set -e\nrun one --\u00e9=2 two\ndone\n"}"#;
        assert_eq!(pointed_at(json, OTHER), Some((1, r"--\u00e9=2 two")));
        let wide = r#"{"a": "set -e\n\ud83d\ude00 x\tb"}"#;
        assert_eq!(pointed_at(wide, "set -e\n\u{1f600} x\tc"), Some((1, "b")));
        let continued = "a: \"set -e\\nrun one\\\n   \\ --é=2\n  two\\ndone\\n\"\n";
        assert_eq!(pointed_at(continued, OTHER).map(|(line, _)| line), Some(2));
        let single = "a: 'set -e\n\n  it''s\n  x'\n";
        assert_eq!(pointed_at(single, "set -e\nit's y"), Some((4, "x")));
    }

    #[test]
    fn folded_and_plain_lines() {
        let text = "a: >-\n  one\n  two\n\n  three\n";
        assert_eq!(pointed_at(text, "one two\nthrey"), Some((5, "three")));
        let text = "a: one\n  two\n\n  three\nb: 1\n";
        assert_eq!(pointed_at(text, "one two\nthrey"), Some((4, "three")));
    }

    #[test]
    fn what_does_not_stand_there_is_not_pointed_at() {
        assert_eq!(pointed_at("b: &b |\n  x\n  y\na: *b\n", "x\nz\n"), None);
    }

    #[test]
    fn short_strings_are_shown_whole() {
        assert_eq!(first("one", "two"), None);
    }
}
