//! Repetition operators: `*`, `+?`, `{2,3}`.

use crate::cursor::Cursor;

/// The highest number in braces.
const MAX: u32 = 1000;

/// The number of repetitions: at least `min` and at most `max`; `None` is unlimited.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) min: u32,
    pub(crate) max: Option<u32>,
}

/// The meaning of a `{`.
pub(crate) enum Braces {
    Times(Times),
    /// A repetition with numbers that are too large or in the wrong order.
    Invalid,
    /// Not a repetition: `{` is literal, and nothing is consumed.
    Literal,
}

/// Parses `{2}`, `{2,}` or `{2,3}`.
pub(crate) fn braces(cursor: &mut Cursor<'_>) -> Braces {
    let mut ahead = *cursor;
    let Some((min, max)) = bounds(&mut ahead) else { return Braces::Literal };
    *cursor = ahead;
    if min > MAX || max.is_some_and(|max| max > MAX || max < min) {
        return Braces::Invalid;
    }
    Braces::Times(Times { min, max })
}

fn bounds(cursor: &mut Cursor<'_>) -> Option<(u32, Option<u32>)> {
    if !cursor.eat("{") {
        return None;
    }
    let min = number(cursor)?;
    let max = if !cursor.eat(",") {
        Some(min)
    } else if cursor.peek() == Some('}') {
        None
    } else {
        Some(number(cursor)?)
    };
    cursor.eat("}").then_some((min, max))
}

/// Parses a number without leading zeros; a number that exceeds the type is clamped.
fn number(cursor: &mut Cursor<'_>) -> Option<u32> {
    let first = cursor.peek()?.to_digit(10)?;
    if first == 0 && cursor.peek_second().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut number = 0_u32;
    while let Some(digit) = cursor.peek().and_then(|c| c.to_digit(10)) {
        cursor.bump();
        number = number.saturating_mul(10).saturating_add(digit);
    }
    Some(number)
}
