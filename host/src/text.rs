//! Text in messages: escaped, or counted.

pub(crate) use hallpass_document::counted;

/// Escapes every character that could control a terminal or mislead readers.
pub(crate) fn visible(text: &str) -> String {
    hallpass_document::visible(text).into_owned()
}

/// Escapes a text, and shortens it to so many characters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut shown = visible(text);
    if let Some((end, _)) = shown.char_indices().nth(most) {
        shown.truncate(end);
        shown.push_str("...");
    }
    shown
}
