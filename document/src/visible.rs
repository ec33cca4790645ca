//! Makes user text safe to show. Input must not be able to control a terminal, hide text, or make a line read
//! differently.

use std::borrow::Cow;

/// Whether a character is escaped wherever hallpass writes text: it controls a terminal, ends a line, changes the text
/// direction, or is invisible (`Default_Ignorable_Code_Point` of Unicode 17).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let is_line_end = matches!(c, '\u{2028}' | '\u{2029}');
    let is_annotation = matches!(c, '\u{FFF9}'..='\u{FFFB}');
    c.is_control() || is_line_end || is_annotation || is_ignorable(c)
}

/// Includes direction marks, variation selectors, tags, fillers and joiners.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Escapes each hidden character, as `\n` or `\u{202e}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push_visible(&mut shown, c);
    }
    Cow::Owned(shown)
}

/// Appends a character, or its escape.
pub fn push_visible(shown: &mut String, c: char) {
    if is_hidden(c) {
        shown.extend(c.escape_default());
    } else {
        shown.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, visible};

    #[test]
    fn what_could_mislead_is_escaped() {
        assert_eq!(visible("a\u{1b}[31mb\u{9b}m"), "a\\u{1b}[31mb\\u{9b}m");
        assert_eq!(visible("a\u{202e}b\nc\t"), "a\\u{202e}b\\nc\\t");
        assert_eq!(visible("\u{e0041}\u{fe0f}\u{2028}"), "\\u{e0041}\\u{fe0f}\\u{2028}");
        assert_eq!(visible("plain é 😀 שלום"), "plain é 😀 שלום");
    }

    #[test]
    fn every_range_is_whole() {
        for (first, last) in [
            (0x00, 0x1F),
            (0x7F, 0x9F),
            (0xAD, 0xAD),
            (0x61C, 0x61C),
            (0x200B, 0x200F),
            (0x2028, 0x202E),
            (0x2060, 0x206F),
            (0xFE00, 0xFE0F),
            (0xFEFF, 0xFEFF),
            (0xE0000, 0xE007F),
            (0xE0100, 0xE01EF),
        ] {
            assert!((first..=last).filter_map(char::from_u32).all(is_hidden), "U+{first:04X}");
        }
        for seen in ' '..='~' {
            assert!(!is_hidden(seen));
        }
    }
}
