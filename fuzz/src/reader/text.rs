//! One text as another that means the same.

use std::fmt::Write as _;

/// JSON as a document of YAML, which it is: but what ends a line for some readers of YAML has to be escaped.
pub(super) fn as_yaml(json: &str) -> String {
    let mut yaml = "# YAML\n".to_owned();
    for c in json.chars() {
        match c {
            '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => {
                // A `String` takes whatever is written.
                let _ = write!(yaml, "\\u{:04x}", u32::from(c));
            }
            c => yaml.push(c),
        }
    }
    yaml
}

/// None when the text has line ends of its own kind.
pub(super) fn with_windows_line_ends(text: &str) -> Option<String> {
    (text.contains('\n') && !text.contains('\r')).then(|| text.replace('\n', "\r\n"))
}
