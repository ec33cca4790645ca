//! The text after `(?`: flags and named groups.

use crate::cursor::Cursor;
use crate::error::{Kind, PatternError};

/// The flags that change whether a pattern matches. `U` is parsed and ignored: it only changes which of several matches
/// is found first.
#[derive(Clone, Copy, Default)]
pub(crate) struct Flags {
    /// `i`: letters match in any case.
    pub(crate) fold: bool,
    /// `m`: `^` and `$` match at the ends of lines.
    pub(crate) multi_line: bool,
    /// `s`: `.` matches a newline.
    pub(crate) dot_newline: bool,
}

/// The meaning of a `(?`.
pub(crate) enum Opening {
    /// `(?i)`: flags for the rest of the group around it.
    Flags(Flags),
    /// `(?i:`: a group that captures nothing.
    Group(Flags),
    /// `(?P<name>`: a named capturing group. Duplicate names are accepted here.
    Capture,
}

/// Parses the text that starts with `(?`, which comes next.
pub(crate) fn opening(cursor: &mut Cursor<'_>, flags: Flags) -> Result<Opening, PatternError> {
    let start = cursor.at();
    let rest = cursor.rest();
    // Go requires a character after `<` to treat it as a named group.
    if (rest.starts_with("(?P<") && rest.len() > 4) || (rest.starts_with("(?<") && rest.len() > 3) {
        return named(cursor, start);
    }
    cursor.eat("(?");
    read_flags(cursor, flags).ok_or_else(|| {
        let error = cursor.error_since(start, Kind::PerlSyntax);
        match rest.chars().nth(2) {
            Some('=' | '!') => error.with_hint("RE2 has no look-around"),
            Some('P') if rest.starts_with("(?P=") => error.with_hint("RE2 has no back-references"),
            Some('\'') => error.with_hint("write a named group as `(?P<name>...)`"),
            _ => error,
        }
    })
}

/// Parses `(?P<name>` or `(?<name>`.
fn named(cursor: &mut Cursor<'_>, start: usize) -> Result<Opening, PatternError> {
    let look_behind = cursor.rest().starts_with("(?<=") || cursor.rest().starts_with("(?<!");
    let hint = |error: PatternError| {
        if look_behind { error.with_hint("RE2 has no look-around") } else { error }
    };
    cursor.eat_until("<");
    let Some(name) = cursor.eat_until(">") else {
        return Err(hint(cursor.error_from(start, Kind::NamedCapture)));
    };
    if name.is_empty() || name.contains(|c: char| c != '_' && !c.is_ascii_alphanumeric()) {
        return Err(hint(cursor.error_since(start, Kind::NamedCapture)));
    }
    Ok(Opening::Capture)
}

/// Parses flags up to `)` or `:`. Returns `None` on errors, with the cursor after the invalid character.
fn read_flags(cursor: &mut Cursor<'_>, mut flags: Flags) -> Option<Opening> {
    let mut on = true;
    // A flag must follow a `-`.
    let mut complete = true;
    loop {
        match cursor.bump()? {
            'i' => flags.fold = on,
            'm' => flags.multi_line = on,
            's' => flags.dot_newline = on,
            'U' => {}
            '-' if on => {
                on = false;
                complete = false;
                continue;
            }
            ')' if complete => return Some(Opening::Flags(flags)),
            ':' if complete => return Some(Opening::Group(flags)),
            _ => return None,
        }
        complete = true;
    }
}
