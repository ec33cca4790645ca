//! The document as JSON, for schema validation and deserialization.

use std::cell::OnceCell;

use hallpass_document::{At, Diagnostic, Diagnostics, Value};
use hallpass_reader::Document;
use serde_json::{Map, Number, Value as Json};

/// Null fields count as absent, except in a chart's values, where null removes a default in Helm.
pub(super) fn json(document: &Document<'_>, bytes: &[u8], faults: &mut Diagnostics) -> Json {
    let mut reading = Reading { document, written: Written { bytes, lines: OnceCell::new() }, faults };
    reading.convert(document.root(), String::new(), Nulls::Absent { in_chart: false })
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

struct Reading<'d, 'f> {
    document: &'d Document<'d>,
    written: Written<'d>,
    faults: &'f mut Diagnostics,
}

impl Reading<'_, '_> {
    fn convert(&mut self, value: &Value<'_>, at: String, nulls: Nulls) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Int(number) => (*number).into(),
            Value::OtherNumber => self.number(at),
            Value::String(text) => text.as_ref().into(),
            Value::List(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| self.convert(item, format!("{at}/{index}"), nulls)).collect()
            }
            Value::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    if matches!(nulls, Nulls::Kept) || !value.is_null() {
                        let at = At::pointer_to(&at).key(key).pointer();
                        map.insert(key.as_ref().to_owned(), self.convert(value, at, nulls.below(key)));
                    }
                }
                map.into()
            }
        }
    }

    /// The reader does not keep fractional numbers, because the decision does not need them. The values of a chart may
    /// contain them.
    fn number(&mut self, at: String) -> Json {
        let location = self.document.locate(&at);
        match self.written.number(location.line, location.column, location.width) {
            Some(number) => number.into(),
            None => {
                let message = "this number is fractional, and its digits are not written here";
                self.faults.error(
                    Diagnostic::new(at, message)
                        .help("write it as a decimal number, without an alias or a tag"),
                );
                Json::Null
            }
        }
    }
}

/// The bytes of the file.
struct Written<'b> {
    bytes: &'b [u8],
    lines: OnceCell<Vec<&'b str>>,
}

impl<'b> Written<'b> {
    fn number(&self, line: u32, column: u32, width: u32) -> Option<Number> {
        let lines = self.lines.get_or_init(|| lines(self.bytes));
        let line = lines.get((line as usize).checked_sub(1)?)?;
        let text: String =
            line.chars().skip((column as usize).checked_sub(1)?).take(width as usize).collect();
        // YAML 1.1 allows `_` between digits and a leading plus.
        let text = text.replace('_', "");
        let text = text.strip_prefix('+').unwrap_or(&text);
        if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
        {
            return None;
        }
        text.parse::<u64>().ok().map(Number::from).or_else(|| Number::from_f64(text.parse().ok()?))
    }
}

/// Splits lines as the reader does.
fn lines(bytes: &[u8]) -> Vec<&str> {
    let text = str::from_utf8(bytes).unwrap_or_default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')).collect()
}
