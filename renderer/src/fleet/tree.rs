//! The document as JSON, which schemas judge and types are made of.

use hallpass_policy::Value;
use serde_json::{Map, Value as Json};

/// Fields that are null count as absent, but for a chart's values: there a null is Helm's way to take a default away.
pub(super) fn json(value: &Value<'_>) -> Json {
    convert(value, Nulls::Absent { in_chart: false })
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
        Value::Float(number) => match whole(*number) {
            Some(number) => number.into(),
            None => (*number).into(),
        },
        Value::String(text) => text.as_ref().into(),
        Value::List(items) => items.iter().map(|item| convert(item, nulls)).collect(),
        Value::Map(entries) => entries
            .iter()
            .filter(|(_, value)| matches!(nulls, Nulls::Kept) || !value.is_null())
            .map(|(key, value)| (key.as_ref().to_owned(), convert(value, nulls.below(key))))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// `1e3` is a whole number, to JSON Schema and to a reader alike.
#[expect(clippy::cast_possible_truncation, reason = "below 2^53 every whole number is exact")]
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}
