//! The document as JSON, for schema validation and deserialization.

use hallpass_document::{OtherNumber, Value};
use serde_json::{Map, Value as Json};

/// A field, after the field around it.
type Nested = (&'static str, &'static str);

/// Returns the document as JSON. Null fields count as absent, except in the fields of `kept`, where null has a meaning.
#[must_use]
pub fn json(root: &Value<'_>, kept: &[Nested]) -> Json {
    convert(root, Nulls::Absent { below: "", kept })
}

#[derive(Clone, Copy)]
enum Nulls<'k> {
    Absent { below: &'k str, kept: &'k [Nested] },
    Kept,
}

impl<'k> Nulls<'k> {
    fn below(self, key: &'k str) -> Self {
        match self {
            Nulls::Absent { below, kept } if !kept.contains(&(below, key)) => {
                Nulls::Absent { below: key, kept }
            }
            Nulls::Absent { .. } | Nulls::Kept => Nulls::Kept,
        }
    }
}

fn convert<'v>(value: &'v Value<'_>, nulls: Nulls<'v>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::OtherNumber(OtherNumber(number)) => number.clone().into(),
        Value::String(text) => text.as_ref().into(),
        Value::List(items) => items.iter().map(|item| convert(item, nulls)).collect(),
        Value::Map(entries) => {
            let kept = entries.iter().filter(|(_, value)| matches!(nulls, Nulls::Kept) || !value.is_null());
            kept.map(|(key, value)| (key.to_string(), convert(value, nulls.below(key))))
                .collect::<Map<_, _>>()
                .into()
        }
    }
}
