//! The document as JSON, for schema validation and deserialization.

use hallpass_document::{OtherNumber, Value};
use serde_json::{Map, Value as Json};

/// Null fields count as absent, except in a chart's values, where null removes a default in Helm.
pub(super) fn json(root: &Value<'_>) -> Json {
    convert(root, Nulls::Absent { in_chart: false })
}

#[derive(Clone, Copy)]
enum Nulls {
    Absent { in_chart: bool },
    Kept,
}

impl Nulls {
    fn below(self, key: &str) -> Self {
        match self {
            Nulls::Absent { in_chart: true } if key == "values" => Nulls::Kept,
            Nulls::Absent { .. } => Nulls::Absent { in_chart: key == "chart" },
            Nulls::Kept => Nulls::Kept,
        }
    }
}

fn convert(value: &Value<'_>, nulls: Nulls) -> Json {
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
