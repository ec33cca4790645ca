//! Combines changes that add parts to the same missing field.
//!
//! Two changes that each add the list `env` cannot both be pasted: the second would repeat the key.

use hallpass_document::Value;

use super::Change;

/// Extends each change of one allowlist by the others that set the same field.
pub(crate) fn combine(changes: &mut [Option<Change>]) {
    for index in 0..changes.len() {
        let (before, rest) = changes.split_at_mut(index);
        let Some(Some(change)) = rest.first_mut() else { continue };
        for earlier in before.iter_mut().flatten() {
            if !earlier.is_at(change) {
                continue;
            }
            if let Some(both) = union(&earlier.value, &change.value) {
                earlier.value.clone_from(&both);
                change.value = both;
            }
        }
    }
}

impl Change {
    /// Whether both changes set a single field, and the same one.
    fn is_at(&self, other: &Change) -> bool {
        match (&self.value, &other.value) {
            (Value::Map(one), Value::Map(two)) => {
                let [(key, _)] = one.as_slice() else { return false };
                self.path == other.path && matches!(two.as_slice(), [(same, _)] if same == key)
            }
            _ => false,
        }
    }
}

/// Returns a value with the fields and items of both; `None` if they contradict each other.
fn union(one: &Value<'static>, two: &Value<'static>) -> Option<Value<'static>> {
    if one == two {
        return Some(one.clone());
    }
    match (one, two) {
        (Value::List(one), Value::List(two)) => {
            let more = two.iter().filter(|item| !one.contains(item));
            Some(Value::List(one.iter().chain(more).cloned().collect()))
        }
        (Value::Map(one), Value::Map(two)) => {
            let mut all = one.clone();
            for (key, value) in two {
                match all.iter_mut().find(|(known, _)| known == key) {
                    Some((_, known)) => *known = union(known, value)?,
                    None => all.push((key.clone(), value.clone())),
                }
            }
            Some(Value::Map(all))
        }
        _ => None,
    }
}
