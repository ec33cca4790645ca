//! Kubernetes objects, and the one way in which they are written.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A manifest, as JSON.
pub type Object = Value;

/// What a reader looks for first. All other keys follow in alphabetical order.
const FIRST: [&str; 6] = ["apiVersion", "kind", "name", "namespace", "metadata", "spec"];

/// Several objects as one YAML file.
///
/// The order of keys depends on their names alone, so that equal objects are equal bytes. Every reader reads what was
/// meant, whether it follows YAML 1.2, as serde_yaml does, or 1.1, as kubectl does.
#[must_use]
pub fn write(objects: &[Object]) -> String {
    let mark = if objects.iter().any(has_ambiguous) { unused(objects) } else { None };
    let mut text = String::new();
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        #[expect(
            clippy::expect_used,
            reason = "JSON's data model fits YAML's, and a string takes all writes"
        )]
        text.push_str(&serde_yaml::to_string(&Ordered { value: object, mark }).expect("JSON is YAML"));
    }
    match mark {
        Some(mark) => text.replace(&format!("\"{}", escaped(mark)), "\""),
        None => text,
    }
}

/// A value with its keys in order and its ambiguous texts marked.
struct Ordered<'v> {
    value: &'v Value,
    mark: Option<char>,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Ordered { value, mark } = *self;
        match value {
            Value::String(text) => serializer.serialize_str(&marked(text, mark)),
            Value::Array(items) => serializer.collect_seq(items.iter().map(|value| Ordered { value, mark })),
            Value::Object(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| (rank(key), *key));
                serializer.collect_map(
                    entries.into_iter().map(|(key, value)| (marked(key, mark), Ordered { value, mark })),
                )
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

fn rank(key: &str) -> usize {
    FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len())
}

/// A text, with a control character before it when it must be quoted: serde_yaml, which knows no other way to be told,
/// quotes that. The character is taken out of the text afterwards.
fn marked(text: &str, mark: Option<char>) -> Cow<'_, str> {
    match mark.filter(|_| is_ambiguous(text)) {
        Some(mark) => Cow::Owned(format!("{mark}{text}")),
        None => Cow::Borrowed(text),
    }
}

/// Whether YAML 1.1 takes the bare text for a boolean, a number, a date or a merge where YAML 1.2 does not.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "<<", "="];
    let is_numeric = || {
        text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
            && text.contains(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_hexdigit() || "+-._:xXoOTtZz ".contains(c))
            // A version such as `1.2.3` is a text to all.
            && text.contains(|c: char| !c.is_ascii_digit() && c != '.')
    };
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) || is_numeric()
}

fn has_ambiguous(value: &Value) -> bool {
    match value {
        Value::String(text) => is_ambiguous(text),
        Value::Array(items) => items.iter().any(has_ambiguous),
        Value::Object(entries) => {
            entries.iter().any(|(key, value)| is_ambiguous(key) || has_ambiguous(value))
        }
        _ => false,
    }
}

/// A control character that no text has, neither as itself nor as it is escaped.
fn unused(objects: &[Object]) -> Option<char> {
    let all = objects.iter().map(Value::to_string).collect::<String>();
    ('\u{1}'..='\u{8}').find(|mark| {
        let as_json = format!("\\u{:04x}", u32::from(*mark));
        !all.contains(&as_json) && !all.contains(&escaped(*mark))
    })
}

/// As serde_yaml writes a control character, in double quotes.
fn escaped(mark: char) -> String {
    format!("\\x{:02X}", u32::from(mark))
}
