//! Functions on trees: walk, write, compare.

use hallpass_document::Value;

use crate::broken;

/// Calls `visit` with the JSON pointer of each node, parents first, at most `limit` times.
pub(crate) fn each_node<'v, 'a>(
    root: &'v Value<'a>,
    limit: usize,
    mut visit: impl FnMut(&str, &'v Value<'a>),
) {
    let mut left = vec![(String::new(), root)];
    for _ in 0..limit {
        let Some((pointer, value)) = left.pop() else { return };
        visit(&pointer, value);
        match value {
            Value::List(items) => {
                let items = items.iter().enumerate();
                left.extend(items.map(|(index, item)| (format!("{pointer}/{index}"), item)).take(limit));
            }
            Value::Map(fields) => {
                let pointer_to =
                    |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                left.extend(fields.iter().map(|(key, value)| (pointer_to(key), value)).take(limit));
            }
            _ => {}
        }
    }
}

/// Returns a tree as JSON text.
pub(crate) fn to_json(value: &Value<'_>) -> String {
    match serde_json::to_string(value) {
        Ok(text) => text,
        Err(error) => broken(&format!("a tree cannot be written as JSON: {error}")),
    }
}

/// Whether two trees are the same, except for numbers: JSON and YAML may turn a whole float into an integer.
pub(crate) fn same(one: &Value<'_>, other: &Value<'_>) -> bool {
    match (one, other) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let fields = one.iter().zip(other);
            one.len() == other.len()
                && fields
                    .into_iter()
                    .all(|((key, one), (other_key, other))| key == other_key && same(one, other))
        }
        (Value::OtherNumber(_), Value::Int(_)) | (Value::Int(_), Value::OtherNumber(_)) => true,
        (one, other) => one == other,
    }
}

/// Returns the node at a JSON pointer.
pub(crate) fn find<'v, 'a>(root: &'v Value<'a>, pointer: &str) -> Option<&'v Value<'a>> {
    steps(pointer).try_fold(root, |node, step| match node {
        Value::List(items) => items.get(step.parse::<usize>().ok()?),
        Value::Map(fields) => fields.iter().find(|(key, _)| *key == step).map(|(_, value)| value),
        _ => None,
    })
}

/// Returns a mutable reference to the node at a JSON pointer.
pub(crate) fn find_mut<'v, 'a>(root: &'v mut Value<'a>, pointer: &str) -> Option<&'v mut Value<'a>> {
    steps(pointer).try_fold(root, |node, step| match node {
        Value::List(items) => items.get_mut(step.parse::<usize>().ok()?),
        Value::Map(fields) => fields.iter_mut().find(|(key, _)| *key == step).map(|(_, value)| value),
        _ => None,
    })
}

fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

/// Returns the nesting depth of lists and maps.
pub(crate) fn depth(value: &Value<'_>) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Map(fields) => 1 + fields.iter().map(|(_, value)| depth(value)).max().unwrap_or_default(),
        _ => 0,
    }
}
