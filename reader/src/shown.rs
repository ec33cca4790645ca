//! Numbers and texts of a file, as error messages show them.

use hallpass_document::push_visible;

/// Converts a count to `u32`. Larger counts are clamped; positions that large are useless.
pub(crate) fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The maximum number of characters of a text that an error message repeats.
const SHOWN: usize = 60;

/// Shortens text from a file to one line of an error message. Equal for both kinds of line endings.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text.chars().peekable();
    let mut count = 0;
    while let Some(c) = rest.next() {
        if c == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        if count == SHOWN {
            shown.push('…');
            break;
        }
        count += 1;
        push_visible(&mut shown, c);
    }
    shown
}
