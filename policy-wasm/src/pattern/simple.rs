//! Patterns that need no automaton: `^name$` and `^prefix.*$`. They are nearly all that vendors write.

use std::borrow::Cow;

/// What a simple pattern matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Simple<'a> {
    /// This text alone.
    Exactly(Cow<'a, str>),
    /// This, and then anything but a newline. It has no newline itself, so that the texts it matches are
    /// those on one line that begin with it.
    Prefix(Cow<'a, str>),
}

/// Recognises a simple pattern by its text. None means that it takes the parser to tell.
pub(super) fn recognise(pattern: &str) -> Option<Simple<'_>> {
    let body = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let Some(prefix) = body.strip_suffix(".*") else {
        return literal(body).map(Simple::Exactly);
    };
    // After a backslash that is not itself escaped, `.` is a literal and this is no prefix; `literal` sees
    // that backslash as one that escapes nothing.
    let prefix = literal(prefix)?;
    (!prefix.contains('\n')).then_some(Simple::Prefix(prefix))
}

/// The text that `source` stands for, if it is made of plain characters and escaped punctuation.
fn literal(source: &str) -> Option<Cow<'_, str>> {
    const SPECIAL: [char; 12] = ['\\', '.', '+', '*', '?', '(', ')', '|', '[', '{', '^', '$'];
    if !source.contains(SPECIAL) {
        return Some(Cow::Borrowed(source));
    }
    let mut text = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next().filter(char::is_ascii_punctuation)?),
            _ if SPECIAL.contains(&c) => return None,
            _ => text.push(c),
        }
    }
    Some(Cow::Owned(text))
}
