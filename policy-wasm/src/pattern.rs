//! P1: strings in an allowlist that may be patterns.
//!
//! A string is a pattern only if it starts with `^` and ends with `$`; all others are compared literally. A pattern
//! must match the whole text: `^a|b$` matches `a` and `b`, but not `axx`.

pub use hallpass_re2::{Entry, Matcher, PatternError};

/// Whether a string is a pattern: it starts with `^` and ends with `$`. An escaped dollar sign counts: `^foo\$` is a
/// pattern that matches the text `foo$`.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.strip_prefix('^').is_some_and(|rest| rest.ends_with('$'))
}

/// Compiles a list of strings.
///
/// # Errors
/// Every invalid pattern, with its index in the list, in order.
pub fn matcher<'a>(
    strings: impl IntoIterator<Item = &'a str>,
) -> Result<Matcher<'a>, Vec<(usize, PatternError)>> {
    Matcher::new(strings.into_iter().map(entry))
}

/// Returns a string as an entry of a list.
#[must_use]
pub fn entry(text: &str) -> Entry<'_> {
    if is_pattern(text) { Entry::Pattern(text) } else { Entry::Text(text) }
}

#[cfg(test)]
mod tests {
    use super::{is_pattern, matcher};

    #[test]
    fn a_pattern_begins_with_a_caret_and_ends_with_a_dollar() {
        for pattern in ["^$", "^a$", r"^foo\$", "^\n$"] {
            assert!(is_pattern(pattern), "{pattern}");
        }
        for text in ["", "^", "$", "a", "^a", "a$", " ^a$", "^a$ ", "(?i)^a$", "^datadog-.*"] {
            assert!(!is_pattern(text), "{text}");
            let matcher = matcher([text]).expect("a text is always valid");
            assert!(matcher.matches(text), "{text}");
        }
        assert!(!matcher(["^datadog-.*"]).expect("a text").matches("datadog-x"));
        assert!(matcher(["^datadog-.*$"]).expect("valid").matches("datadog-x"));
    }
}
