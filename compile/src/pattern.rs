//! P1: strings and patterns as conditions in CEL.

use hallpass_policy::pattern::{is_pattern, matcher};

use crate::text::{lines, literal};

/// Returns the condition that `text`, an expression, equals one of the strings or matches one of the patterns.
pub(crate) fn accepts(text: &str, strings: &[&str]) -> String {
    let literals: Vec<&str> = strings.iter().copied().filter(|string| !is_pattern(string)).collect();
    let mut conditions = Vec::new();
    if !literals.is_empty() {
        conditions.push(format!("{text} in {}", lines(literals)));
    }
    let patterns = strings.iter().filter(|string| is_pattern(string));
    conditions.extend(patterns.map(|pattern| matches(text, pattern)));
    match conditions.is_empty() {
        true => "false".to_owned(),
        false => conditions.join(" ||\n"),
    }
}

/// Returns the condition that a text matches a pattern. If the result depends on the version of Unicode, the text must also be
/// ASCII (D4), because the API server may use another version.
fn matches(text: &str, pattern: &str) -> String {
    let matches = format!("{text}.matches({})", literal(&whole(pattern)));
    match depends_on_unicode(pattern) {
        true => format!("({text}.matches({}) && {matches})", literal(ASCII)),
        false => matches,
    }
}

pub(crate) const ASCII: &str = "^[[:ascii:]]*$";

/// Whether another version of Unicode may change what a pattern matches: it has a Unicode class, or ignores case and may have
/// characters outside of ASCII. A quoted `\p` and every character code count, too.
pub(crate) fn depends_on_unicode(pattern: &str) -> bool {
    let has_escape = |is: fn(char) -> bool| escapes(pattern).any(is);
    let is_flag = |c: &char| c.is_ascii_alphabetic();
    let folds = pattern.split("(?").skip(1).any(|group| group.chars().take_while(is_flag).any(|c| c == 'i'));
    let is_code = |c: char| c == 'x' || c.is_ascii_digit();
    has_escape(|c| matches!(c, 'p' | 'P')) || folds && (!pattern.is_ascii() || has_escape(is_code))
}

/// Returns the character after each backslash that is not itself escaped.
fn escapes(pattern: &str) -> impl Iterator<Item = char> {
    let mut characters = pattern.chars();
    std::iter::from_fn(move || {
        characters.find(|c| *c == '\\')?;
        characters.next()
    })
}

/// Returns a pattern for the whole text. CEL and Go search for a match of any part.
///
/// The pattern is valid alone, so its parentheses and brackets are closed. A `\Q` may not be: it would quote what follows.
fn whole(pattern: &str) -> String {
    let wrapped = format!("^(?:{pattern})$");
    match matcher([wrapped.as_str()]) {
        Ok(_) => wrapped,
        Err(_) => format!("^(?:{pattern}\\E)$"),
    }
}
