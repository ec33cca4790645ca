//! Writes CEL: literals, and names of variables.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Returns a CEL string literal for `text`, in printable ASCII.
///
/// Nothing in `text` can end the literal. `$` is escaped because Flux replaces `${...}` if variable substitution is
/// enabled.
#[must_use]
pub fn literal(text: &str) -> String {
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

/// Returns a CEL list of string literals, on one line.
#[must_use]
pub fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let literals: Vec<String> = texts.into_iter().map(literal).collect();
    format!("[{}]", literals.join(", "))
}

/// Returns a CEL list of string literals, one per line, so that a changed literal is one changed line.
pub(crate) fn lines<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut list = String::from("[\n");
    for text in texts {
        list.push_str("  ");
        list.push_str(&literal(text));
        list.push_str(",\n");
    }
    list.push(']');
    list
}

/// Indents all lines but the first by two more spaces.
pub(crate) fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}

/// Joins conditions of which all must hold, one per line.
pub(crate) fn all_of(conditions: &[String]) -> String {
    match conditions {
        [] => "true".to_owned(),
        _ => conditions.join(" &&\n"),
    }
}

/// Joins conditions of which one must hold, one per line.
pub(crate) fn any_of(conditions: &[String]) -> String {
    match conditions {
        [] => "false".to_owned(),
        _ => conditions.join(" ||\n"),
    }
}

/// The names of variables that are in use.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// Returns a name that no other variable has, with the letters and digits of `text`: `allow_acme_agent_v1_4` for
    /// `allow` and `acme-agent-v1.4`.
    pub(crate) fn unique(&mut self, prefix: &str, text: &str) -> String {
        let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let base: String = prefix.chars().chain(['_']).chain(text.chars().map(word)).collect();
        let mut name = base.clone();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{base}_{number}");
        }
        name
    }
}
