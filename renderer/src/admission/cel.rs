//! CEL expressions as text.

use std::fmt::Write as _;

/// Returns a CEL string literal for `text`, in printable ASCII.
///
/// `$` is escaped because Flux replaces `${...}` if variable substitution is enabled.
pub(crate) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('\'');
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = match c {
            '\'' | '\\' => write!(literal, "\\{c}"),
            '$' => write!(literal, "\\u0024"),
            ' '..='~' => write!(literal, "{c}"),
            '\0'..='\u{FFFF}' => write!(literal, "\\u{:04x}", u32::from(c)),
            _ => write!(literal, "\\U{:08x}", u32::from(c)),
        };
    }
    literal.push('\'');
    literal
}

/// A CEL list of string literals.
pub(crate) fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let literals: Vec<String> = texts.into_iter().map(literal).collect();
    format!("[{}]", literals.join(", "))
}
