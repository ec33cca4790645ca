//! Patterns that need no automaton: `^name$`, `^prefix.*$` and `^(one|other)_name$`. Most patterns of vendors are of
//! these forms.

use std::borrow::Cow;

/// What a simple pattern matches.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Simple<'a> {
    /// Only this text.
    Exactly(Cow<'a, str>),
    /// These texts.
    OneOf(Vec<String>),
    /// This prefix, followed by anything but a newline. The prefix contains no newline, so the matching texts are those
    /// on one line that start with it.
    Prefix(Cow<'a, str>),
}

/// Recognizes a simple pattern by its text. `None` means that the parser is needed.
pub(crate) fn recognize(pattern: &str) -> Option<Simple<'_>> {
    let body = pattern.strip_prefix('^')?.strip_suffix('$')?;
    if let Some(prefix) = body.strip_suffix(".*") {
        // After an unescaped backslash, `.` is a literal and this is not a prefix; `literal` rejects a backslash that
        // escapes nothing.
        let prefix = literal(prefix)?;
        return (!prefix.contains('\n')).then_some(Simple::Prefix(prefix));
    }
    literal(body).map(Simple::Exactly).or_else(|| spelled_out(body).map(Simple::OneOf))
}

const SPECIAL: [char; 12] = ['\\', '.', '+', '*', '?', '(', ')', '|', '[', '{', '^', '$'];

/// Returns the text of `source`, if it consists of plain characters and escaped punctuation.
fn literal(source: &str) -> Option<Cow<'_, str>> {
    if !source.contains(SPECIAL) {
        return Some(Cow::Borrowed(source));
    }
    let mut text = String::with_capacity(source.len());
    let rest = take_literal(source, &mut text)?;
    rest.is_empty().then_some(Cow::Owned(text))
}

/// Appends the literal start of `source` to `text`, and returns the rest.
fn take_literal<'s>(source: &'s str, text: &mut String) -> Option<&'s str> {
    let mut chars = source.chars();
    loop {
        let rest = chars.as_str();
        match chars.next() {
            Some('\\') => text.push(chars.next().filter(char::is_ascii_punctuation)?),
            Some(c) if !SPECIAL.contains(&c) => text.push(c),
            _ => return Some(rest),
        }
    }
}

/// The maximum number of texts to which a pattern is expanded, and the maximum length of such a pattern.
const MOST_TEXTS: usize = 32;
const LONGEST: usize = 256;

/// Returns every text that `source` matches, if its only alternatives are groups of literals: `(one|other)?_name`.
fn spelled_out(source: &str) -> Option<Vec<String>> {
    if source.len() > LONGEST {
        return None;
    }
    let mut texts = vec![String::new()];
    let mut rest = source;
    loop {
        let mut text = String::new();
        rest = take_literal(rest, &mut text)?;
        texts.iter_mut().for_each(|begun| begun.push_str(&text));
        if rest.is_empty() {
            return Some(texts);
        }
        let (branches, behind) = take_group(rest)?;
        rest = behind;
        if texts.len() * branches.len() > MOST_TEXTS {
            return None;
        }
        texts = texts
            .iter()
            .flat_map(|begun| branches.iter().map(move |end| [begun.as_str(), end].concat()))
            .collect();
    }
}

/// Returns the branches of the group at the start of `source`, and the rest.
fn take_group(source: &str) -> Option<(Vec<String>, &str)> {
    let mut rest = source.strip_prefix("(?:").or_else(|| source.strip_prefix('('))?;
    let mut branches = Vec::new();
    loop {
        let mut branch = String::new();
        rest = take_literal(rest, &mut branch)?;
        branches.push(branch);
        match rest.strip_prefix('|') {
            Some(next) => rest = next,
            None => break,
        }
    }
    rest = rest.strip_prefix(')')?;
    if let Some(behind) = rest.strip_prefix('?') {
        branches.push(String::new());
        rest = behind;
    }
    // Other repetitions and errors are left to the parser.
    (!rest.starts_with(['?', '*', '+', '{'])).then_some((branches, rest))
}

#[cfg(test)]
mod tests {
    use super::{Simple, recognize};

    fn spelled_out(pattern: &str) -> Option<Vec<String>> {
        match recognize(pattern)? {
            Simple::OneOf(texts) => Some(texts),
            other => panic!("`{pattern}` is {other:?}"),
        }
    }

    #[test]
    fn groups_of_texts_are_spelled_out() {
        for (pattern, texts) in [
            ("^(a|b)c$", vec!["ac", "bc"]),
            ("^a(b|c)?(?:d|e)$", vec!["abd", "abe", "acd", "ace", "ad", "ae"]),
            ("^(a\\.b|)$", vec!["a.b", ""]),
            ("^a()$", vec!["a"]),
        ] {
            assert_eq!(spelled_out(pattern).unwrap(), texts, "{pattern}");
        }
    }

    #[test]
    fn what_repeats_or_nests_is_for_the_parser() {
        for pattern in [
            "^(a|b)*$",
            "^(a|b)+c$",
            "^(a|b){2}$",
            "^(a|b)??$",
            "^(a|b)?+$",
            "^((a|b)|c)$",
            "^(a|b$",
            "^a|b)$",
            "^a|b$",
            "^(?i)a$",
            "^(?i:a|b)$",
            "^(?P<n>a|b)$",
            "^(a|[b])$",
            "^(a|b.)$",
            "^(\\d|b)$",
            "^(a?|b)$",
            "^a?(b|c)$",
        ] {
            assert_eq!(recognize(pattern), None, "{pattern}");
        }
        let many = format!("^{}$", "(a|b)".repeat(6));
        assert_eq!(recognize(&many), None, "64 texts");
    }
}
