//! Escape sequences.

use crate::characters::Characters;
use crate::charset;
use crate::cursor::Cursor;
use crate::error::{Kind, PatternError};
use crate::unicode;

/// The highest code point in an escape. Surrogates are lower and allowed; they match nothing.
const LAST: u32 = 0x10_FFFF;

/// Parses an escape for a set, `\d` or `\p{Greek}`, if it comes next. Returns the set, and whether it is negated.
pub(crate) fn group(cursor: &mut Cursor<'_>) -> Result<Option<(Characters, bool)>, PatternError> {
    let mut ahead = *cursor;
    if !ahead.eat("\\") {
        return Ok(None);
    }
    let Some(letter) = ahead.bump() else { return Ok(None) };
    let found = match letter {
        'p' | 'P' => Some(unicode_group(cursor.at(), &mut ahead, letter == 'P')?),
        _ => charset::perl(letter),
    };
    if found.is_some() {
        *cursor = ahead;
    }
    Ok(found)
}

/// Parses the text after `\p` or `\P`; the escape starts at byte `start`.
fn unicode_group(
    start: usize,
    cursor: &mut Cursor<'_>,
    negated: bool,
) -> Result<(Characters, bool), PatternError> {
    let braced = cursor.peek() == Some('{');
    let name_start = cursor.at();
    let name = if cursor.eat("{") {
        cursor.eat_until("}").ok_or_else(|| cursor.error_from(start, Kind::ClassRange))?
    } else {
        let rest = cursor.rest();
        cursor.bump();
        rest.get(..cursor.at() - name_start).unwrap_or_default()
    };
    let (name, negated) = name.strip_prefix('^').map_or((name, negated), |name| (name, !negated));
    if let Some(class) = unicode::group(name) {
        return Ok((class, negated));
    }
    let error = cursor.error_since(start, Kind::ClassRange);
    Err(match unicode::suggestion(name) {
        _ if name == "C" => error.with_hint("engines disagree on `C`; name `Cc`, `Cf` or `Co`"),
        Some(known) => error.with_hint(format!("did you mean `\\p{{{known}}}`?")),
        None if braced => error.with_hint("name a general category such as `L` or a script such as `Greek`"),
        None => error,
    })
}

/// Parses an escape for one character, `\.` or `\x41`, and returns its code point.
pub(crate) fn character(cursor: &mut Cursor<'_>) -> Result<u32, PatternError> {
    let start = cursor.at();
    cursor.eat("\\");
    let Some(letter) = cursor.bump() else {
        return Err(cursor.error_from(cursor.at(), Kind::TrailingBackslash));
    };
    let code = match letter {
        // A single digit other than zero is a backreference.
        '1'..='7' if !cursor.peek().is_some_and(|c| c.is_digit(8)) => None,
        '0'..='7' => Some(octal(cursor, letter)),
        'x' => hexadecimal(cursor),
        'a' => Some(0x07),
        'f' => Some(0x0c),
        'n' => Some(0x0a),
        'r' => Some(0x0d),
        't' => Some(0x09),
        'v' => Some(0x0b),
        _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Some(u32::from(letter)),
        _ => None,
    };
    code.ok_or_else(|| {
        let error = cursor.error_since(start, Kind::Escape);
        match letter {
            '1'..='9' => error.with_hint("RE2 has no back-references"),
            'Z' => error.with_hint("did you mean `\\z`?"),
            'C' => error.with_hint("write `(?s:.)` for any character"),
            'E' => error.with_hint("no `\\Q` comes before it"),
            _ if !letter.is_ascii() => error.with_hint("such a character needs no backslash"),
            _ => error,
        }
    })
}

/// Parses up to three octal digits, starting with `first`.
fn octal(cursor: &mut Cursor<'_>, first: char) -> u32 {
    let mut code = first.to_digit(8).unwrap_or_default();
    for _ in 0..2 {
        let Some(digit) = cursor.peek().and_then(|c| c.to_digit(8)) else { break };
        cursor.bump();
        code = code * 8 + digit;
    }
    code
}

/// Parses the text after `\x`: two digits, or any number of digits in braces. On errors, the cursor is after the
/// invalid character, where Go's messages end.
fn hexadecimal(cursor: &mut Cursor<'_>) -> Option<u32> {
    let first = cursor.bump()?;
    if first != '{' {
        let second = cursor.bump();
        return Some(first.to_digit(16)? * 16 + second?.to_digit(16)?);
    }
    let mut code = None;
    loop {
        match cursor.bump()? {
            '}' => return code,
            digit => {
                let value = code.unwrap_or(0) * 16 + digit.to_digit(16)?;
                if value > LAST {
                    return None;
                }
                code = Some(value);
            }
        }
    }
}
