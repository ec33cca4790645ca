//! Equivalent forms of a text.

use std::fmt::Write as _;

/// Converts JSON to a YAML document. JSON is YAML, except that characters that end a line for some YAML parsers must be
/// escaped.
pub(super) fn as_yaml(json: &str) -> String {
    let mut yaml = "# YAML\n".to_owned();
    for c in json.chars() {
        match c {
            '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => {
                // Writing to a `String` cannot fail.
                let _ = write!(yaml, "\\u{:04x}", u32::from(c));
            }
            c => yaml.push(c),
        }
    }
    yaml
}

/// Returns `None` if the text contains other line endings.
pub(super) fn with_windows_line_ends(text: &str) -> Option<String> {
    (text.contains('\n') && !text.contains('\r')).then(|| text.replace('\n', "\r\n"))
}
