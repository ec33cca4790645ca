//! Compares values field by field.

use std::collections::BTreeSet;

use serde_json::Value;

/// Calls `add` for every difference with the field, such as `chart.version`, and the values or list items before and
/// after. Lists are compared as sets; a change of the order alone is shown as the whole lists.
pub(super) fn compare(old: &Value, new: &Value, mut add: impl FnMut(String, Option<String>, Option<String>)) {
    between(&mut String::new(), Some(old), Some(new), &mut add);
}

fn between(
    field: &mut String,
    old: Option<&Value>,
    new: Option<&Value>,
    add: &mut impl FnMut(String, Option<String>, Option<String>),
) {
    if old == new {
        return;
    }
    let no_fields = serde_json::Map::new();
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => maps(field, old, new, add),
        // An empty map is a value: `plain: {}`.
        (None, Some(Value::Object(new))) if !new.is_empty() => maps(field, &no_fields, new, add),
        (Some(Value::Object(old)), None) if !old.is_empty() => maps(field, old, &no_fields, add),
        (Some(Value::Array(old)), Some(Value::Array(new))) => lists(field, old, new, add),
        (None, Some(Value::Array(new))) if !new.is_empty() => lists(field, &[], new, add),
        (Some(Value::Array(old)), None) if !old.is_empty() => lists(field, old, &[], add),
        (old, new) => add(field.clone(), old.map(shown), new.map(shown)),
    }
}

type Fields = serde_json::Map<String, Value>;

fn maps(
    field: &mut String,
    old: &Fields,
    new: &Fields,
    add: &mut impl FnMut(String, Option<String>, Option<String>),
) {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let length = field.len();
        if length > 0 {
            field.push('.');
        }
        field.push_str(key);
        between(field, old.get(key), new.get(key), add);
        field.truncate(length);
    }
}

fn lists(
    field: &str,
    old: &[Value],
    new: &[Value],
    add: &mut impl FnMut(String, Option<String>, Option<String>),
) {
    let lost: Vec<_> = old.iter().filter(|item| !new.contains(item)).collect();
    let gained: Vec<_> = new.iter().filter(|item| !old.contains(item)).collect();
    if lost.is_empty() && gained.is_empty() {
        return add(field.to_owned(), Some(shown_list(old)), Some(shown_list(new)));
    }
    for item in gained {
        add(field.to_owned(), None, Some(shown(item)));
    }
    for item in lost {
        add(field.to_owned(), Some(shown(item)), None);
    }
}

fn shown_list(items: &[Value]) -> String {
    format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
}

/// A value in one line, as in YAML.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => shown_list(items),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{key}: {}", shown(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}
