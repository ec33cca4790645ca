//! The document as JSON, for schema validation and deserialization.

use hallpass_document::{OtherNumber, Value};
use serde_json::{Map, Value as Json};

/// Null fields count as absent, except where null removes a default: in a chart's values, and in fields that are merged
/// into an object.
pub(super) fn json(root: &Value<'_>) -> Json {
    convert(root, Nulls::Absent { below: "" })
}

/// Fields that keep nulls, with the field around them.
const KEPT: [(&str, &str); 4] =
    [("chart", "values"), ("flux", "kustomization"), ("flux", "helmRelease"), ("flux", "source")];

#[derive(Clone, Copy)]
enum Nulls<'k> {
    Absent { below: &'k str },
    Kept,
}

impl<'k> Nulls<'k> {
    fn below(self, key: &'k str) -> Self {
        match self {
            Nulls::Absent { below } if !KEPT.contains(&(below, key)) => Nulls::Absent { below: key },
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
