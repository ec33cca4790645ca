//! The document as JSON, for schema validation and deserialization.

use hallpass_document::{OtherNumber, Value};
use serde_json::{Map, Value as Json};

/// A field, after the field around it.
type Nested = (&'static str, &'static str);

/// Returns the document as JSON. Null fields count as absent, except in the fields of `kept`, where null has a meaning.
#[must_use]
pub fn json(root: &Value<'_>, kept: &[Nested]) -> Json {
    convert(root, Rules { below: "", kept, opaque: &[], keeps_nulls: false })
}

/// Returns the document as JSON, like [`json`], with an empty map for each map in the fields of `opaque`, whose contents
/// no schema describes.
#[must_use]
pub fn outline(root: &Value<'_>, kept: &[Nested], opaque: &[Nested]) -> Json {
    convert(root, Rules { below: "", kept, opaque, keeps_nulls: false })
}

/// How to convert the contents of a field.
#[derive(Clone, Copy)]
struct Rules<'k> {
    below: &'k str,
    kept: &'k [Nested],
    opaque: &'k [Nested],
    keeps_nulls: bool,
}

impl<'k> Rules<'k> {
    fn below(self, key: &'k str) -> Self {
        let keeps_nulls = self.keeps_nulls || self.kept.contains(&(self.below, key));
        Rules { below: key, keeps_nulls, ..self }
    }

    fn field(self, key: &'k str, value: &'k Value<'_>) -> Json {
        match value {
            Value::Map(_) if self.opaque.contains(&(self.below, key)) => Map::new().into(),
            _ => convert(value, self.below(key)),
        }
    }
}

fn convert<'v>(value: &'v Value<'_>, rules: Rules<'v>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::OtherNumber(OtherNumber(number)) => number.clone().into(),
        Value::String(text) => text.as_ref().into(),
        Value::List(items) => items.iter().map(|item| convert(item, rules)).collect(),
        Value::Map(entries) => {
            let kept = entries.iter().filter(|(_, value)| rules.keeps_nulls || !value.is_null());
            let fields = kept.map(|(key, value)| (key.to_string(), rules.field(key, value)));
            fields.collect::<Map<_, _>>().into()
        }
    }
}
