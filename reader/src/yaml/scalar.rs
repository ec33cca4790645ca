//! Resolves plain scalars like go-yaml v2's `resolve`, and converts the results to JSON.

use std::borrow::Cow;

/// A resolved plain scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number that exceeds `i64`.
    Big(u64),
    Float(f64),
    /// `.inf`, `.nan`: JSON cannot represent them.
    NotFinite,
    Text,
}

/// Resolves the text of a plain scalar.
pub(crate) fn resolve(text: &str) -> Plain {
    // As in go-yaml, the first byte determines the possible types. Most scalars are plain words.
    match text.bytes().next() {
        None => Plain::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => match text {
            ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" => Plain::NotFinite,
            _ => pointed(text).map_or(Plain::Text, Plain::Float),
        },
        Some(b'+' | b'-' | b'0'..=b'9') => match text {
            "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => Plain::NotFinite,
            _ => number(text),
        },
        _ => Plain::Text,
    }
}

fn word(text: &str) -> Plain {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Plain::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Plain::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        _ => Plain::Text,
    }
}

fn number(text: &str) -> Plain {
    let digits = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    if let Some(int) = int(&digits) {
        return int;
    }
    if let Some(float) = float(&digits) {
        return Plain::Float(float);
    }
    // go-yaml parses the rest of `0b` separately, so it may have a sign.
    let binary = digits.strip_prefix("0b").and_then(|bits| i64::from_str_radix(bits, 2).ok());
    binary.map_or(Plain::Text, Plain::Int)
}

/// Go's `strconv.ParseInt(text, 0, 64)`, then `ParseUint`.
fn int(text: &str) -> Option<Plain> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0'] => (10, unsigned),
        [b'0', b'x' | b'X', _, ..] => (16, unsigned.get(2..)?),
        [b'0', b'o' | b'O', _, ..] => (8, unsigned.get(2..)?),
        [b'0', b'b' | b'B', _, ..] => (2, unsigned.get(2..)?),
        [b'0', ..] => (8, unsigned.get(1..)?),
        _ => (10, unsigned),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match text.bytes().next() {
        Some(b'-') => 0_i64.checked_sub_unsigned(magnitude).map(Plain::Int),
        sign => match i64::try_from(magnitude) {
            Ok(int) => Some(Plain::Int(int)),
            Err(_) if sign == Some(b'+') => None,
            Err(_) => Some(Plain::Big(magnitude)),
        },
    }
}

/// A float that starts with a decimal point. go-yaml passes it to Go unchanged, including underscores between digits.
fn pointed(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return float(text);
    }
    let mut parts = text.split('_').peekable();
    while let Some(part) = parts.next() {
        let between = parts.peek().is_none_or(|next| {
            part.ends_with(|c: char| c.is_ascii_digit()) && next.starts_with(|c: char| c.is_ascii_digit())
        });
        if !between {
            return None;
        }
    }
    float(&text.replace('_', ""))
}

/// A float that matches go-yaml's `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`; if it overflows, it is text.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = digits(whole)
        && fraction.is_none_or(digits)
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty))
        && exponent.is_none_or(|e| {
            let e = e.strip_prefix(['+', '-']).unwrap_or(e);
            !e.is_empty() && digits(e)
        });
    if !shaped {
        return None;
    }
    text.parse().ok().filter(|float: &f64| float.is_finite())
}

/// Returns the string that sigs.k8s.io/yaml uses for a plain key; an error if it has none.
pub(crate) fn key<'a>(text: Cow<'a, str>) -> Result<Cow<'a, str>, Plain> {
    match resolve(&text) {
        Plain::Text => Ok(text),
        Plain::Bool(true) => Ok(Cow::Borrowed("true")),
        Plain::Bool(false) => Ok(Cow::Borrowed("false")),
        Plain::Int(int) => Ok(Cow::Owned(int.to_string())),
        Plain::Float(float) => float_key(float).map(Cow::Owned).ok_or(Plain::NotFinite),
        other @ (Plain::Null | Plain::Big(_) | Plain::NotFinite) => Err(other),
    }
}

/// Go's `strconv.FormatFloat(float, 'g', -1, 32)`; `None` if the float exceeds 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "sigs.k8s.io/yaml formats the float with 32 bits")]
fn float_key(float: f64) -> Option<String> {
    let float = float as f32;
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if (-4..6).contains(&exponent) {
        return Some(float.to_string());
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    Some(format!("{digits}e{sign}{:02}", exponent.abs()))
}
