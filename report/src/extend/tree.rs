//! Allowlists as trees, and the parts that one has in addition to another.

use hallpass_document::{At, Value, unescape};
use hallpass_edit::{Editor, Refusal};
use hallpass_reader::Document;

/// Returns an owned copy.
pub(super) fn owned(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Null => Value::Null,
        Value::Bool(flag) => Value::Bool(*flag),
        Value::Int(number) => Value::Int(*number),
        Value::OtherNumber(number) => Value::OtherNumber(number.clone()),
        Value::String(text) => Value::String(text.clone().into_owned().into()),
        Value::List(items) => Value::List(items.iter().map(owned).collect()),
        Value::Map(fields) => Value::Map(
            fields.iter().map(|(key, value)| (key.clone().into_owned().into(), owned(value))).collect(),
        ),
    }
}

/// Adds the items and fields of another value.
pub(super) fn merge(value: &mut Value<'static>, more: Value<'static>) {
    match (value, more) {
        (Value::List(items), Value::List(more)) => {
            for item in more {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        (Value::Map(fields), Value::Map(more)) => {
            for (key, more) in more {
                match fields.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, value)) => merge(value, more),
                    None => fields.push((key, more)),
                }
            }
        }
        (value @ Value::Null, more) => *value = more,
        _ => {}
    }
}

/// Removes the item or field at a pointer.
pub(super) fn remove(value: &mut Value<'static>, pointer: &str) {
    let Some((above, last)) = pointer.rsplit_once('/') else { return };
    match value.at_mut(above) {
        Some(Value::List(items)) => {
            if let Some(index) = last.parse::<usize>().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        Some(Value::Map(fields)) => {
            let name = unescape(last);
            fields.retain(|(key, _)| *key != name);
        }
        _ => {}
    }
}

/// Returns pointers to the items and fields that the new value has and the old one lacks, also to the items of new lists.
pub(super) fn added(old: &Value<'_>, new: &Value<'_>) -> Vec<String> {
    let mut found = Vec::new();
    find_added(Some(old), new, &At::pointer_to(""), &mut found);
    found
}

fn find_added(old: Option<&Value<'_>>, new: &Value<'_>, at: &At<'_>, found: &mut Vec<String>) {
    match (old, new) {
        (None | Some(Value::Null), Value::List(items)) => {
            // An item of a list in a new entry belongs to the entry.
            found.push(at.pointer());
            found.extend((1..items.len()).map(|index| at.index(index).pointer()));
        }
        (None, _) => found.push(at.pointer()),
        (Some(Value::List(old)), Value::List(new)) => {
            for (index, item) in new.iter().enumerate() {
                find_added(old.get(index), item, &at.index(index), found);
            }
        }
        (Some(Value::Map(old)), Value::Map(new)) => {
            for (key, value) in new {
                let before = old.iter().find(|(known, _)| known == key).map(|(_, value)| value);
                find_added(before, value, &at.key(key), found);
            }
        }
        (Some(old), new) if old != new => found.push(at.pointer()),
        _ => {}
    }
}

/// Adds the items and fields that the new value has and the old one lacks to the file.
///
/// # Errors
/// The place in the file cannot be edited.
pub(super) fn grow(
    editor: &mut Editor<'_>,
    document: &Document<'_>,
    at: &str,
    old: &Value<'_>,
    new: &Value<'_>,
) -> Result<(), (String, Refusal)> {
    let here = |refusal| (at.to_owned(), refusal);
    match (old, new) {
        (Value::List(old), Value::List(items)) if !old.is_empty() => {
            for (index, (old, new)) in old.iter().zip(items).enumerate() {
                grow(editor, document, &At::pointer_to(at).index(index).pointer(), old, new)?;
            }
            items.iter().skip(old.len()).try_for_each(|item| editor.append(document, at, item)).map_err(here)
        }
        (Value::Map(old), Value::Map(fields)) if !old.is_empty() => {
            for (key, new) in fields {
                match old.iter().find(|(known, _)| known == key) {
                    Some((_, old)) => {
                        grow(editor, document, &At::pointer_to(at).key(key).pointer(), old, new)?;
                    }
                    None => editor.insert(document, at, key, new).map_err(here)?,
                }
            }
            Ok(())
        }
        _ => editor.set(document, at, new).map_err(here),
    }
}
