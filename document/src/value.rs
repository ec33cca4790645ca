//! The tree that every reader hands to the decision: JSON's data model, borrowed from the input's bytes.

mod json;

use std::borrow::Cow;

pub use json::JsonError;

/// One node of a manifest. Maps keep the order of the file; readers refuse a key given twice, so a
/// `Map` never holds one.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'a> {
    /// `null`, `~` or nothing at all: equal to an absent field everywhere.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number, in whichever form it is written.
    Int(i64),
    /// Any other number: with a fraction, or beyond the range of `Int`. No field has room for one, so
    /// that its value is not kept: readers that round it differently still make the same tree.
    OtherNumber,
    /// A string.
    String(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// A map, in the order of the file.
    Map(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// The deepest nesting that any reader accepts, counted in lists and maps (rule W3).
pub const MAX_DEPTH: usize = 128;

impl<'a> Value<'a> {
    /// Reads one JSON document, borrowing every string that has no escape.
    ///
    /// # Errors
    /// Syntax errors, a key given twice in one object, nesting beyond [`MAX_DEPTH`], text after the document.
    pub fn from_json(bytes: &'a [u8]) -> Result<Self, JsonError> {
        json::read(bytes)
    }

    /// A number that is written with a point or an exponent. Between kubectl's reading and its writing a whole one loses
    /// both: the API server gets `80` for `80.0` and for `8e1`.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "whole, and in the range of i64")]
    pub fn from_float(number: f64) -> Self {
        const END: f64 = 9_223_372_036_854_775_808.0;
        if number.fract() == 0.0 && number.abs() < END {
            Value::Int(number as i64)
        } else {
            Value::OtherNumber
        }
    }

    /// The same in JSON, whose readers do not all round alike beyond 2^53. No rule reads a number of that size.
    #[must_use]
    pub fn from_json_float(number: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.abs() < EXACT { Self::from_float(number) } else { Value::OtherNumber }
    }

    /// The value of `key` when this is a map that has it and it is not null.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        let Value::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value).filter(|v| !v.is_null())
    }

    /// The string, when this is one.
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

    /// What kind of value this is, in the words of an error message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::OtherNumber => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}
