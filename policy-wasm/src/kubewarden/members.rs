//! JSON objects read no further than their members.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::value::{JsonError, Key, Value};

/// A JSON object whose members are not read yet.
#[derive(Default)]
pub(super) struct Members<'p>(Vec<(Cow<'p, str>, &'p RawValue)>);

impl<'p> Members<'p> {
    /// The text of a member that is there and not null.
    pub(super) fn get(&self, key: &str) -> Option<&'p str> {
        let (_, raw) = self.iter().find(|(name, _)| *name == key)?;
        (raw != "null").then_some(raw)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'p str)> {
        self.0.iter().map(|(key, raw)| (&**key, raw.get()))
    }

    /// The object, read in full.
    pub(super) fn value(&self) -> Result<Value<'p>, JsonError> {
        let read = |(key, raw): &(Cow<'p, str>, &'p RawValue)| {
            Ok((key.clone(), Value::from_json(raw.get().as_bytes())?))
        };
        self.0.iter().map(read).collect::<Result<_, _>>().map(Value::Map)
    }

    pub(super) fn push<E: Error>(&mut self, key: Cow<'p, str>, raw: &'p RawValue) -> Result<(), E> {
        if self.0.iter().any(|(known, _)| *known == key) {
            return Err(E::custom(format_args!("key `{key}` is given twice")));
        }
        self.0.push((key, raw));
        Ok(())
    }
}

/// What is neither a map nor a list: serde's own words for it would be as large as all of this.
macro_rules! others {
    () => {
        others!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
    };
    ($($visit:ident: $type:ty),*) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<Self::Value, E> {
            Err(E::custom(format_args!("{} was expected", Self::EXPECTED)))
        })*
    };
}

/// Reads a JSON object member by member.
pub(super) struct Object<F>(pub(super) F);

/// How one member is read.
pub(super) trait Member<'de>: Default {
    const EXPECTED: &'static str;

    fn member<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, fields: &mut A) -> Result<(), A::Error>;
}

impl<'de, F: Member<'de>> Object<F> {
    const EXPECTED: &'static str = F::EXPECTED;
}

impl<'de, F: Member<'de>> Visitor<'de> for Object<F> {
    type Value = F;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(F::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<F, E> {
        Ok(self.0)
    }

    others!();

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<F, A::Error> {
        Err(A::Error::custom(format_args!("{} was expected", Self::EXPECTED)))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<F, A::Error> {
        while let Some(key) = fields.next_key_seed(Key)? {
            self.0.member(key, &mut fields)?;
        }
        Ok(self.0)
    }
}

impl<'de> Member<'de> for Members<'de> {
    const EXPECTED: &'static str = "an object";

    fn member<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, fields: &mut A) -> Result<(), A::Error> {
        self.push(key, fields.next_value()?)
    }
}

/// Fills a place that is still empty.
pub(super) fn once<T, E: Error>(place: &mut Option<T>, value: Option<T>) -> Result<(), E> {
    if place.is_some() {
        return Err(E::custom("a key is given twice"));
    }
    *place = value;
    Ok(())
}

/// Reads a list of JSON objects; null is an empty one.
#[derive(Default)]
pub(super) struct Items<'p>(pub(super) Vec<Members<'p>>);

impl Items<'_> {
    const EXPECTED: &'static str = "a list of objects";
}

impl<'de> Visitor<'de> for Items<'de> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    others!();

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self, A::Error> {
        Err(A::Error::custom(format_args!("{} was expected", Self::EXPECTED)))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Self, A::Error> {
        while let Some(item) = items.next_element()? {
            self.0.push(item);
        }
        Ok(self)
    }
}

impl<'de: 'p, 'p> Deserialize<'de> for Items<'p> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Items::default())
    }
}

macro_rules! deserialize {
    ($($name:ident),*) => {
        $(impl<'de: 'p, 'p> serde::Deserialize<'de> for $name<'p> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($crate::kubewarden::members::Object($name::default()))
            }
        })*
    };
}

pub(super) use deserialize;

deserialize!(Members);
