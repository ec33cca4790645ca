//! JSON objects whose members are not read yet.

use std::borrow::Cow;

use super::cursor::Cursor;
use crate::value::{JsonError, Value};

/// The members of an object: each with its text.
#[derive(Default)]
pub(super) struct Members<'p>(Vec<(Cow<'p, str>, &'p str)>);

impl<'p> Members<'p> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'p str)> {
        self.0.iter().map(|(key, raw)| (&**key, *raw))
    }

    /// The object, read in full.
    pub(super) fn value(&self) -> Result<Value<'p>, JsonError> {
        let read =
            |(key, raw): &(Cow<'p, str>, &'p str)| Ok((key.clone(), Value::from_json(raw.as_bytes())?));
        self.0.iter().map(read).collect::<Result<_, _>>().map(Value::Map)
    }

    /// Reads the member that the cursor stands before.
    pub(super) fn read(&mut self, key: Cow<'p, str>, cursor: &mut Cursor<'p>) -> Result<(), String> {
        if self.0.iter().any(|(known, _)| *known == key) {
            return Err(format!("key `{key}` is given twice"));
        }
        self.0.push((key, cursor.skip()?));
        Ok(())
    }
}

/// Fills a place that is still empty.
pub(super) fn once<T>(place: &mut Option<T>, key: &str, value: T) -> Result<(), String> {
    match place.replace(value) {
        Some(_) => Err(format!("key `{key}` is given twice")),
        None => Ok(()),
    }
}
