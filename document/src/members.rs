//! The members of a JSON object, in order, with unique keys.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// The members of a JSON object. Duplicate keys are errors during deserialization; `null` is an object without members.
#[derive(Clone, Debug)]
pub struct Members<'a, T>(pub Vec<(Cow<'a, str>, T)>);

impl<T> Default for Members<'_, T> {
    fn default() -> Self {
        Members(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Members<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Object(PhantomData))
    }
}

impl<T: Serialize> Serialize for Members<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Members<'de, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Members::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
        read_members(fields, PhantomData)
    }
}

/// From this many keys on, an ordered set finds duplicates faster than a scan. A hash set is not an option: without
/// random keys, as in Wasm, the author of a document could make all keys collide.
const SCAN_LIMIT: usize = 16;

/// Reads the members of an object, each value with `seed`.
pub(crate) fn read_members<'de, A: MapAccess<'de>, S: DeserializeSeed<'de> + Copy>(
    mut fields: A,
    seed: S,
) -> Result<Members<'de, S::Value>, A::Error> {
    let mut members: Vec<(Cow<'de, str>, S::Value)> = Vec::new();
    let mut seen: BTreeSet<Cow<'de, str>> = BTreeSet::new();
    while let Some(key) = fields.next_key_seed(Key)? {
        let is_duplicate = if members.len() < SCAN_LIMIT {
            members.iter().any(|(known, _)| *known == key)
        } else {
            if seen.is_empty() {
                seen.extend(members.iter().map(|(known, _)| known.clone()));
            }
            !seen.insert(key.clone())
        };
        if is_duplicate {
            return Err(A::Error::custom(format_args!("duplicate key `{key}`")));
        }
        members.push((key, fields.next_value_seed(seed)?));
    }
    Ok(Members(members))
}

/// Borrowed unless it has escapes, unlike serde's `Cow`.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}
