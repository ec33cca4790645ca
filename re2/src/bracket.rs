//! Bracket classes: `[a-z]`, `[^[:space:]\d]`.

use crate::characters::Characters;
use crate::charset::{self, Charset};
use crate::cursor::Cursor;
use crate::error::{Kind, PatternError};
use crate::escape;

/// The maximum number of ranges in a class. A Unicode group counts for hundreds.
const MAX_RANGES: usize = 1 << 19;

/// Parses the class whose `[` comes next. Inside, `[`, `&&`, `--` and `~~` are literal, and so is a leading `]`.
pub(crate) fn class(cursor: &mut Cursor<'_>, fold: bool) -> Result<Characters, PatternError> {
    let start = cursor.at();
    cursor.eat("[");
    let negated = cursor.eat("^");
    let mut set = Charset::default();
    let mut first = true;
    while first || !cursor.eat("]") {
        first = false;
        if set.len() > MAX_RANGES {
            return Err(cursor.error_whole(start, Kind::Large));
        }
        if let Some((group, negated)) = posix(cursor)? {
            set.add_group(group, negated, fold);
            continue;
        }
        if let Some((group, negated)) = escape::group(cursor)? {
            set.add_group(group, negated, fold);
            continue;
        }
        let range_start = cursor.at();
        let low = character(cursor, start)?;
        let mut high = low;
        // A trailing `-` is literal.
        if cursor.peek() == Some('-') && cursor.peek_second().is_some_and(|c| c != ']') {
            cursor.bump();
            high = character(cursor, start)?;
        }
        if high < low {
            return Err(cursor.error_since(range_start, Kind::ClassRange));
        }
        set.add_range(low, high);
    }
    Ok(set.finish(negated, fold))
}

/// Parses `[:name:]`, if it comes next. Without its end, `[:` is two characters.
fn posix(cursor: &mut Cursor<'_>) -> Result<Option<(Characters, bool)>, PatternError> {
    let mut ahead = *cursor;
    if !ahead.eat("[:") || !ahead.has_posix_end() {
        return Ok(None);
    }
    let Some(name) = ahead.eat_until(":]") else { return Ok(None) };
    let Some(group) = charset::posix(name) else {
        return Err(ahead.error_since(cursor.at(), Kind::ClassRange));
    };
    *cursor = ahead;
    Ok(Some(group))
}

/// Parses one end of a range, in the class that starts at byte `class`.
fn character(cursor: &mut Cursor<'_>, class: usize) -> Result<u32, PatternError> {
    if cursor.peek() == Some('\\') {
        return escape::character(cursor);
    }
    cursor.bump().map(u32::from).ok_or_else(|| cursor.error_from(class, Kind::MissingBracket))
}
