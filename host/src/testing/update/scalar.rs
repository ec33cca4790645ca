//! Values in YAML.

use hallpass_document::is_hidden;

use crate::testing::file::Item;

/// Words that YAML 1.1 does not read as strings.
const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// How to write strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// None, where none are needed.
    Plain,
    Single,
    Double,
}

impl Quotes {
    /// Returns the quotes of a string in a file.
    pub(super) fn of(written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'"') => Quotes::Double,
            Some(b'\'') => Quotes::Single,
            _ => Quotes::Plain,
        }
    }

    pub(super) fn write(self, text: &str) -> String {
        match self {
            Quotes::Plain if is_plain(text) => text.to_owned(),
            Quotes::Single if !text.contains(is_hidden) => format!("'{}'", text.replace('\'', "''")),
            _ => double(text),
        }
    }
}

/// Whether every YAML parser reads the text as a string without quotes, also in `[]` and `{}`.
fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._/-~".contains(c))
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn double(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_hidden(c) && u32::from(c) <= 0xFFFF => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)))
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Returns a list on one line. In JSON, every string has quotes.
pub(super) fn flow(items: &[Item], field: &str, json: bool) -> String {
    let items: Vec<String> = items.iter().map(|written| item(written, field, json)).collect();
    format!("[{}]", items.join(", "))
}

/// Returns an item of a list.
pub(super) fn item(item: &Item, field: &str, json: bool) -> String {
    let quotes = if json { Quotes::Double } else { Quotes::Plain };
    let key = |name: &str| quotes.write(name);
    match item {
        Item::Id(id) => quotes.write(id),
        Item::At { id, path } => {
            let name = if field == "constraints" { "constraint" } else { "rule" };
            format!("{{{}: {}, {}: {}}}", key(name), quotes.write(id), key("path"), quotes.write(path))
        }
    }
}
