//! Values on one line.

use hallpass_document::{Value, is_hidden};

/// The quotes of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// No quotes, unless the text needs them.
    Plain,
    Single,
    Double,
}

impl Quotes {
    /// Returns the quotes of a value in a file.
    pub(crate) fn of(written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'"') => Quotes::Double,
            Some(b'\'') => Quotes::Single,
            _ => Quotes::Plain,
        }
    }
}

/// The notation around a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On its own line or lines.
    Block,
    /// In `[]` or `{}`.
    Flow,
    /// In JSON, where every string has double quotes.
    Json,
}

/// Returns a value as YAML on one line, also for a list or map in brackets.
#[must_use]
pub fn inline(value: &Value<'_>) -> String {
    flow(value, Place::Flow)
}

/// Returns a value on one line.
pub(crate) fn flow(value: &Value<'_>, place: Place) -> String {
    let within = if place == Place::Json { place } else { Place::Flow };
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::OtherNumber(number) => number.0.to_string(),
        Value::String(text) => string(text, Quotes::Plain, place),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, within)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(key, value)| flow_field(key, value, within)).collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}

/// Returns a field of a map in braces.
pub(crate) fn flow_field(key: &str, value: &Value<'_>, place: Place) -> String {
    format!("{}: {}", string(key, Quotes::Plain, place), flow(value, place))
}

/// Returns a string, in quotes if it needs them.
pub(crate) fn string(text: &str, quotes: Quotes, place: Place) -> String {
    let is_plain = match place {
        Place::Block => is_plain(text),
        Place::Flow => is_plain(text) && !text.contains([',', '[', ']', '{', '}']),
        Place::Json => false,
    };
    match quotes {
        Quotes::Plain if is_plain => text.to_owned(),
        Quotes::Single if place != Place::Json && !text.contains(is_hidden) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        _ => quoted(text, place),
    }
}

/// Whether every YAML parser reads the text as a string without quotes.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let start = text.strip_prefix("--").unwrap_or(text);
    let starts_plainly = start.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_' | '^'));
    starts_plainly
        && text.chars().all(|c| c == ' ' || c.is_ascii_graphic())
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Returns the text in double quotes.
fn quoted(text: &str, place: Place) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // JSON escapes a character beyond 16 bits as two, which YAML does not support.
            c if is_hidden(c) && (place == Place::Json || u32::from(c) <= 0xFFFF) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    quoted.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c if is_hidden(c) => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
