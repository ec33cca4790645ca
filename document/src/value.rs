//! The document tree that all readers produce: JSON's data model, borrowed from the input.

mod json;

use std::borrow::Cow;

use serde_json::Number;

use crate::pointer::unescape;

pub use json::{JsonError, from_json};

/// A node of a manifest. Maps keep the order of the file; readers reject duplicate keys, so a `Map` never has any.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'a> {
    /// `null`, `~` or nothing: always the same as an absent field.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number, in any notation.
    Int(i64),
    /// Any other number: fractional, or outside the range of `Int`. No field that a rule reads accepts one.
    OtherNumber(OtherNumber),
    /// A string.
    String(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// A map, in the order of the file.
    Map(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// A number that no rule reads. All of them are equal, because readers round them differently.
#[derive(Clone, Debug)]
pub struct OtherNumber(pub Number);

impl OtherNumber {
    /// Returns the number as a value.
    #[must_use]
    pub fn value<'a>(number: Number) -> Value<'a> {
        Value::OtherNumber(OtherNumber(number))
    }
}

impl PartialEq for OtherNumber {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The maximum depth that readers accept, counted in lists and maps (rule W3).
pub const MAX_DEPTH: usize = 128;

impl<'a> Value<'a> {
    /// Parses a JSON document, and borrows all strings without escapes.
    ///
    /// # Errors
    /// Syntax errors, duplicate keys in an object, nesting deeper than [`MAX_DEPTH`], trailing text.
    pub fn from_json(bytes: &'a [u8]) -> Result<Self, JsonError> {
        from_json(bytes)
    }

    /// Converts a number with a decimal point or an exponent. kubectl writes whole numbers without them: the API server
    /// receives `80` for `80.0` and for `8e1`.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "whole, and in the range of i64")]
    pub fn from_float(number: f64) -> Self {
        const END: f64 = 9_223_372_036_854_775_808.0;
        if number.fract() == 0.0 && number.abs() < END {
            Value::Int(number as i64)
        } else {
            // A number that JSON cannot represent becomes null there.
            Number::from_f64(number).map_or(Value::Null, OtherNumber::value)
        }
    }

    /// The same for JSON, whose parsers round differently beyond 2^53. No rule reads a number of that size.
    #[must_use]
    pub fn from_json_float(number: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.abs() < EXACT {
            Self::from_float(number)
        } else {
            Number::from_f64(number).map_or(Value::Null, OtherNumber::value)
        }
    }

    /// Returns the value of `key` if this is a map with that key and the value is not null.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        let Value::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value).filter(|v| !v.is_null())
    }

    /// Returns the value at a JSON pointer, to change it.
    pub fn at_mut(&mut self, pointer: &str) -> Option<&mut Value<'a>> {
        pointer.split('/').skip(1).try_fold(self, |value, step| match value {
            Value::List(items) => items.get_mut(step.parse::<usize>().ok()?),
            Value::Map(fields) => {
                let name = unescape(step);
                fields.iter_mut().find(|(key, _)| *key == name).map(|(_, value)| value)
            }
            _ => None,
        })
    }

    /// Returns the string, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is null, which means the same as absent.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Returns the type of the value, in the words of error messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::OtherNumber(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}
