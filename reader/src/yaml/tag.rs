//! YAML's core tags, with go-yaml's semantics. Other tags are rejected.

use std::borrow::Cow;

use hallpass_document::{OtherNumber, Value};
use saphyr_parser::Tag;

use super::scalar::{Plain, resolve};

const CORE: &str = "tag:yaml.org,2002:";

/// A tag that is allowed in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Core {
    Str,
    Int,
    Bool,
    Float,
    Null,
    Map,
    Seq,
    /// Only for the key `<<`.
    Merge,
}

/// Reads a tag. The error is its name as written.
pub(super) fn read(tag: &Tag) -> Result<Core, String> {
    let full = format!("{}{}", tag.handle, tag.suffix);
    match full.strip_prefix(CORE) {
        Some("str") => Ok(Core::Str),
        Some("int") => Ok(Core::Int),
        Some("bool") => Ok(Core::Bool),
        Some("float") => Ok(Core::Float),
        Some("null") => Ok(Core::Null),
        Some("map") => Ok(Core::Map),
        Some("seq") => Ok(Core::Seq),
        Some("merge") => Ok(Core::Merge),
        Some(other) => Err(format!("!!{other}")),
        None => Err(full),
    }
}

/// Returns the value of a tagged scalar; `None` if it does not match the tag.
pub(super) fn apply<'a>(tag: Core, text: Cow<'a, str>) -> Option<Value<'a>> {
    match (tag, resolve(&text)) {
        (Core::Str, _) => Some(Value::String(text)),
        (Core::Null, Plain::Null) => Some(Value::Null),
        (Core::Bool, Plain::Bool(bool)) => Some(Value::Bool(bool)),
        (Core::Int, Plain::Int(int)) => Some(Value::Int(int)),
        (Core::Int, Plain::Big(int)) => Some(OtherNumber::value(int.into())),
        (Core::Float, Plain::Int(int)) => Some(int_as_float(int)),
        (Core::Float, Plain::Float(float)) => Some(Value::from_float(float)),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "go-yaml converts it likewise")]
fn int_as_float<'a>(int: i64) -> Value<'a> {
    Value::from_float(int as f64)
}
