//! `-o markdown`: text for pull requests. Whatever the input contains is a code span, or text without markup.

pub(crate) mod diff;
pub(crate) mod findings;

use crate::text::visible;

/// Returns a message. Its user input is in backticks, but may itself contain backticks, and so end its code span. A
/// message that could contain markup becomes one code span.
fn prose(message: &str) -> String {
    if is_plain(message) { visible(message) } else { code(message) }
}

/// Whether a message consists of words, and of code spans that begin and end where they seem to.
fn is_plain(message: &str) -> bool {
    let parts: Vec<&str> = message.split('`').collect();
    let mut words = parts.iter().step_by(2);
    let mut spans = parts.iter().skip(1).step_by(2);
    parts.len() % 2 == 1
        && words.all(|text| is_words(text))
        && spans.all(|span| !span.is_empty() && !span.starts_with(' ') && !span.ends_with(' '))
        // Two spans in a row would be one, with a longer delimiter.
        && parts.iter().skip(1).rev().skip(1).all(|part| !part.is_empty())
}

/// Whether nothing in a text is markup within a line, for GitHub and GitLab: both also link `@name`, `#1` and URLs.
fn is_words(text: &str) -> bool {
    let is_harmless = |c: char| c.is_alphanumeric() || " ,.;:'\"()/-=%+?!".contains(c);
    // `:name:` is an emoji, and `://` a link.
    let is_loose =
        |part: &str| part.is_empty() || part.starts_with(' ') || part.starts_with(char::is_numeric);
    text.chars().all(is_harmless) && !text.contains("www.") && text.split(':').skip(1).all(is_loose)
}

/// Returns a code span. Its delimiter is longer than any run of backticks within.
fn code(plain: &str) -> String {
    let shown = visible(plain);
    let longest = longest_run(&shown);
    let delimiter = "`".repeat(longest + 1);
    // A blank at both ends is not shown, and a span of blanks alone would lose none.
    let is_blank = shown.trim().is_empty();
    let pad =
        if longest > 0 || is_blank || shown.starts_with(' ') || shown.ends_with(' ') { " " } else { "" };
    if is_blank && !shown.is_empty() {
        return format!("{delimiter}{shown}{delimiter}");
    }
    format!("{delimiter}{pad}{shown}{pad}{delimiter}")
}

/// Returns the length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{code, prose};

    #[test]
    fn no_input_in_a_message_becomes_markup() {
        assert_eq!(prose("workload `a` has no `b`"), "workload `a` has no `b`");
        assert_eq!(prose("`^a|b$`: use `<c>`, at 1:2"), "`^a|b$`: use `<c>`, at 1:2");
        let hostile = "unknown `a` <img src=x> @org [b](http://c) `d`";
        assert_eq!(prose(hostile), format!("`` {hostile} ``"));
        for hostile in
            ["*a*", "a_b_", "#1", "http://c", "www.c.de", ":bug:", "&lt;", "a ~~b~~", "$x$", "1\\."]
        {
            assert_eq!(prose(hostile), format!("`{hostile}`"));
        }
        for hostile in ["`a` b`", "`a``*b*`", "``", "` a `"] {
            assert_ne!(prose(hostile), hostile);
        }
    }

    #[test]
    fn a_code_span_keeps_its_blanks() {
        assert_eq!(code(" a"), "`  a `");
        assert_eq!(code("  "), "`  `");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
