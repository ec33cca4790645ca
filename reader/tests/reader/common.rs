//! Shared functions of the tests.

use hallpass_document::Value;

/// Converts a tree to serde_json's.
pub(crate) fn json(value: &Value<'_>) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null => Json::Null,
        Value::Bool(bool) => Json::Bool(*bool),
        Value::Int(int) => Json::from(*int),
        Value::OtherNumber(_) => other_number(),
        Value::String(text) => Json::String(text.to_string()),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(fields) => fields.iter().map(|(key, value)| (key.to_string(), json(value))).collect(),
    }
}

/// The placeholder for all numbers that a tree cannot represent.
pub(crate) fn other_number() -> serde_json::Value {
    0.5.into()
}

/// Converts JSON numbers to those of a tree: whole numbers, and [`other_number`].
pub(crate) fn without_other_numbers(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Json::Number(number) if number.as_i64().is_none() => {
            json(&Value::from_float(number.as_f64().unwrap_or_default()))
        }
        Json::Array(items) => items.into_iter().map(without_other_numbers).collect(),
        Json::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, without_other_numbers(value))).collect()
        }
        other => other,
    }
}

/// Writes a tree as JSON text, with its fields in order.
pub(crate) fn text(value: &Value<'_>) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match value {
        Value::List(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(",")),
        Value::Map(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}:{}", quoted(key), text(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        scalar => json(scalar).to_string(),
    }
}
