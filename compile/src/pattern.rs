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
    conditions.extend(patterns.map(|pattern| format!("{text}.matches({})", literal(&whole(pattern)))));
    match conditions.is_empty() {
        true => "false".to_owned(),
        false => conditions.join(" ||\n"),
    }
}

/// Returns a pattern for a match of the whole text, which CEL and Go search for a match of any part.
///
/// The pattern is valid alone, so its parentheses and brackets are closed. A `\Q` may not be: it would quote what follows.
fn whole(pattern: &str) -> String {
    let wrapped = format!("^(?:{pattern})$");
    match matcher([wrapped.as_str()]) {
        Ok(_) => wrapped,
        Err(_) => format!("^(?:{pattern}\\E)$"),
    }
}
