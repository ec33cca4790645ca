//! Applies the same edits to a document's tree, for a comparison with the edited text.

use hallpass_document::{Value, unescape};

use super::Edit;

/// Returns the tree with all edits; `None` if one of them is about a value that does not exist.
pub(super) fn edited<'v>(root: &Value<'v>, edits: &[&Edit]) -> Option<Value<'v>> {
    let mut edits: Vec<(Vec<usize>, &Edit)> =
        edits.iter().map(|edit| Some((indexes(root, edit.pointer())?, *edit))).collect::<Option<_>>()?;
    // From the end, and inner values first: an edit moves only later and inner values.
    edits.sort_by(|(one, _), (other, _)| other.cmp(one));
    let mut root = root.clone();
    for (indexes, edit) in edits {
        make(&mut root, &indexes, edit)?;
    }
    Some(root)
}

/// Returns the index of each step of a pointer.
fn indexes(root: &Value<'_>, pointer: &str) -> Option<Vec<usize>> {
    let mut value = root;
    let mut indexes = Vec::new();
    for step in pointer.split('/').skip(1) {
        let index = match value {
            Value::List(_) => step.parse().ok()?,
            Value::Map(fields) => fields.iter().position(|(key, _)| *key == unescape(step))?,
            _ => return None,
        };
        value = match value {
            Value::List(items) => items.get(index)?,
            Value::Map(fields) => &fields.get(index)?.1,
            _ => return None,
        };
        indexes.push(index);
    }
    Some(indexes)
}

fn make(root: &mut Value<'_>, indexes: &[usize], edit: &Edit) -> Option<()> {
    match edit {
        Edit::Set(_, new) => *at(root, indexes)? = new.clone(),
        Edit::Append(_, item) => match at(root, indexes)? {
            Value::List(items) => items.push(item.clone()),
            _ => return None,
        },
        Edit::Insert(_, key, new) => match at(root, indexes)? {
            Value::Map(fields) => fields.push((key.clone().into(), new.clone())),
            _ => return None,
        },
        Edit::Rename(_, key) => {
            let (last, above) = indexes.split_last()?;
            match at(root, above)? {
                Value::Map(fields) => fields.get_mut(*last)?.0 = key.clone().into(),
                _ => return None,
            }
        }
        Edit::Remove(_) => {
            let (last, above) = indexes.split_last()?;
            match at(root, above)? {
                Value::List(items) if *last < items.len() => drop(items.remove(*last)),
                Value::Map(fields) if *last < fields.len() => drop(fields.remove(*last)),
                _ => return None,
            }
        }
    }
    Some(())
}

fn at<'r, 'v>(root: &'r mut Value<'v>, indexes: &[usize]) -> Option<&'r mut Value<'v>> {
    indexes.iter().try_fold(root, |value, index| match value {
        Value::List(items) => items.get_mut(*index),
        Value::Map(fields) => fields.get_mut(*index).map(|(_, value)| value),
        _ => None,
    })
}

/// Whether two trees are equal. The order of fields does not matter.
pub(super) fn is_same(one: &Value<'_>, other: &Value<'_>) -> bool {
    match (one, other) {
        (Value::Map(one), Value::Map(other)) => {
            let has = |(key, value): &(_, Value<'_>)| {
                other.iter().any(|(known, other)| known == key && is_same(value, other))
            };
            one.len() == other.len() && one.iter().all(has)
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        _ => one == other,
    }
}
