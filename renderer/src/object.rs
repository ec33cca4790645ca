//! Kubernetes objects and their YAML form.

use std::borrow::Cow;

use hallpass_document::is_hidden;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A manifest, as JSON.
pub type Object = Value;

/// The first keys of an object. All other keys follow in alphabetical order.
const FIRST: [&str; 6] = ["apiVersion", "kind", "name", "namespace", "metadata", "spec"];

/// Writes objects as one YAML file.
///
/// The order of keys depends only on their names, so equal objects are equal bytes. Every parser reads the same values,
/// whether it implements YAML 1.2, like serde_yaml, or 1.1, like kubectl. Invisible characters and characters that
/// change the text direction are escaped, so that reviewers see them.
#[must_use]
pub fn write(objects: &[Object]) -> String {
    let mark = objects.iter().any(has_quoted).then(|| unused(objects));
    let mut text = String::new();
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        #[expect(
            clippy::expect_used,
            reason = "JSON's data model fits YAML's, and a string takes all writes"
        )]
        text.push_str(
            &serde_yaml::to_string(&Ordered { value: object, mark: mark.as_deref() }).expect("JSON is YAML"),
        );
    }
    match mark {
        Some(mark) => without_hidden(&text.replace(&format!("\"{}", escaped(&mark)), "\"")),
        None => text,
    }
}

/// Returns the same YAML with every hidden character escaped. Hidden characters are always in double quotes.
fn without_hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_hidden(c) {
            let code = u32::from(c);
            shown.push_str(&if code > 0xFFFF { format!("\\U{code:08X}") } else { format!("\\u{code:04X}") });
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Adds an annotation.
pub(crate) fn annotate(object: &mut Object, key: &str, value: &str) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let annotations = metadata.entry("annotations").or_insert_with(|| Map::new().into());
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(key.to_owned(), value.into());
    }
}

/// Sets a field of a map, if it has a value.
pub(crate) fn set(map: &mut Value, key: &str, value: Option<impl Into<Value>>) {
    if let (Some(value), Some(fields)) = (value, map.as_object_mut()) {
        fields.insert(key.to_owned(), value.into());
    }
}

/// A value with ordered keys and marked ambiguous strings.
struct Ordered<'v> {
    value: &'v Value,
    mark: Option<&'v str>,
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

/// Returns the text, prefixed with control characters if it must be quoted. serde_yaml has no option for quotes, but
/// quotes control characters. They are removed from the output afterwards.
fn marked<'t>(text: &'t str, mark: Option<&str>) -> Cow<'t, str> {
    match mark.filter(|_| is_quoted(text)) {
        Some(mark) => Cow::Owned(format!("{mark}{text}")),
        None => Cow::Borrowed(text),
    }
}

fn is_quoted(text: &str) -> bool {
    is_ambiguous(text) || text.contains(|c| c != '\n' && is_hidden(c))
}

/// Whether YAML 1.1 reads the plain text as a boolean, number, date or merge key, and YAML 1.2 does not.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "<<", "="];
    let is_numeric = || {
        text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
            && text.contains(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_hexdigit() || "+-._:xXoOTtZz ".contains(c))
            // All YAML versions read a version such as `1.2.3` as a string.
            && text.contains(|c: char| !c.is_ascii_digit() && c != '.')
    };
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) || is_numeric()
}

fn has_quoted(value: &Value) -> bool {
    match value {
        Value::String(text) => is_quoted(text),
        Value::Array(items) => items.iter().any(has_quoted),
        Value::Object(entries) => entries.iter().any(|(key, value)| is_quoted(key) || has_quoted(value)),
        _ => false,
    }
}

const MARK: char = '\u{1}';
const MARK_AS_JSON: &str = "\\u0001";
const MARK_ESCAPED: &str = "\\x01";

/// Returns a run of a control character that is longer than any in the objects, plain or escaped.
fn unused(objects: &[Object]) -> String {
    let all = objects.iter().map(Value::to_string).collect::<String>();
    let count = all.matches(MARK_AS_JSON).count() + all.matches(MARK_ESCAPED).count();
    std::iter::repeat_n(MARK, count + 1).collect()
}

/// The mark as serde_yaml writes it, in double quotes.
fn escaped(mark: &str) -> String {
    MARK_ESCAPED.repeat(mark.chars().count())
}
