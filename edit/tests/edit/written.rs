//! Random files: a tree, and a text of it in mixed notations, with comments.

use hallpass_document::Value;
use proptest::prelude::*;

/// A tree as a text.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) text: String,
    /// The number of comments, `#1` and so on.
    pub(crate) comments: usize,
}

pub(crate) fn text(text: &str) -> Value<'static> {
    Value::String(text.to_owned().into())
}

fn scalar() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        4 => "(a|b c|#d|e #f|: |'|\"|,|\\[|\\{|-|é|\\\\|\\*|&|!|yes|1){1,3}".prop_map(|words| text(&words)),
        4 => "[a-z]{1,4}".prop_map(|word| text(&word)),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => (-9..99_i64).prop_map(Value::Int),
        1 => Just(Value::Null),
        1 => Just(text("x # no\ny\n")),
        1 => Just(Value::List(Vec::new())),
        1 => Just(Value::Map(Vec::new())),
    ]
}

pub(crate) fn value() -> impl Strategy<Value = Value<'static>> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::List),
            prop::collection::vec((key(), inner), 1..4).prop_map(map),
        ]
    })
}

pub(crate) fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "name", "c/d", "e~f", "g h", "on", "#i", "j #k"])
        .prop_map(str::to_owned)
}

/// A map, which is the root of a manifest.
pub(crate) fn root() -> impl Strategy<Value = Value<'static>> {
    prop::collection::vec((key(), value()), 1..4).prop_map(map)
}

fn map(fields: Vec<(String, Value<'static>)>) -> Value<'static> {
    let mut map: Vec<(std::borrow::Cow<'static, str>, Value<'static>)> = Vec::new();
    for (key, value) in fields {
        if !map.iter().any(|(known, _)| *known == key) {
            map.push((key.into(), value));
        }
    }
    Value::Map(map)
}

/// Writes a tree. Each choice of a notation takes one of the bytes.
pub(crate) fn write(root: &Value<'_>, choices: &[u8]) -> Written {
    let mut writer = Writer { choices: choices.iter().copied().cycle(), comments: 0 };
    let mut lines = Vec::new();
    if writer.choose(4) == 0 {
        writer.comment_line(&mut lines, 0);
        lines.push("---".to_owned());
    }
    writer.block(root, 0, &mut lines);
    let ending = if writer.choose(4) == 0 { "\r\n" } else { "\n" };
    let last = if writer.choose(4) == 0 { "" } else { ending };
    Written { text: lines.join(ending) + last, comments: writer.comments }
}

struct Writer<I> {
    choices: I,
    comments: usize,
}

impl<I: Iterator<Item = u8>> Writer<I> {
    fn choose(&mut self, of: u8) -> u8 {
        self.choices.next().unwrap_or_default() % of
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("#{}", self.comments)
    }

    fn comment_line(&mut self, lines: &mut Vec<String>, indent: usize) {
        if self.choose(6) == 0 {
            let comment = self.comment();
            lines.push(format!("{}{comment}", " ".repeat(indent)));
        }
        if self.choose(9) == 0 {
            lines.push(String::new());
        }
    }

    fn end(&mut self) -> String {
        if self.choose(4) == 0 { format!("  {}", self.comment()) } else { String::new() }
    }

    /// Writes the children of a map or list, each on its own lines.
    fn block(&mut self, value: &Value<'_>, indent: usize, lines: &mut Vec<String>) {
        let lead = " ".repeat(indent);
        match value {
            Value::Map(fields) => {
                for (key, value) in fields {
                    self.comment_line(lines, indent);
                    let key = self.string(key, true);
                    self.child(&format!("{lead}{key}:"), value, indent, lines);
                }
            }
            Value::List(items) => {
                for item in items {
                    self.comment_line(lines, indent);
                    self.item(item, indent, lines);
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, item: &Value<'_>, indent: usize, lines: &mut Vec<String>) {
        let lead = " ".repeat(indent);
        let is_map = matches!(item, Value::Map(fields) if !fields.is_empty());
        let is_list = matches!(item, Value::List(items) if !items.is_empty());
        if (is_map || is_list) && self.choose(3) > 0 {
            // The first child is on the line of the dash.
            let mut below = Vec::new();
            self.block(item, indent + 2, &mut below);
            let first =
                below.iter().position(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
            let first = first.unwrap();
            if below[..first].iter().all(|line| line.is_empty()) {
                below.drain(..first);
                below[0] = format!("{lead}- {}", &below[0][indent + 2..]);
                lines.extend(below);
                return;
            }
            lines.push(format!("{lead}-"));
            lines.extend(below);
            return;
        }
        self.child(&format!("{lead}-"), item, indent, lines);
    }

    /// Writes a value after a key or dash.
    fn child(&mut self, lead: &str, value: &Value<'_>, indent: usize, lines: &mut Vec<String>) {
        let is_nested = match value {
            Value::Map(fields) => !fields.is_empty(),
            Value::List(items) => !items.is_empty(),
            _ => false,
        };
        if is_nested && self.choose(4) > 0 {
            let end = self.end();
            lines.push(format!("{lead}{end}"));
            let is_list_of_key = matches!(value, Value::List(_)) && lead.ends_with(':');
            let more = if is_list_of_key && self.choose(2) == 0 { 0 } else { 2 };
            return self.block(value, indent + more, lines);
        }
        match value {
            Value::String(text) if text.contains('\n') => {
                lines.push(format!("{lead} |"));
                lines.extend(text.lines().map(|line| format!("{}{line}", " ".repeat(indent + 4))));
            }
            Value::Null if lead.ends_with(':') && self.choose(2) == 0 => {
                let end = self.end();
                lines.push(format!("{lead}{end}"));
            }
            _ => {
                let (value, end) = (self.flow(value, false), self.end());
                lines.push(format!("{lead} {value}{end}"));
            }
        }
    }

    fn flow(&mut self, value: &Value<'_>, inside: bool) -> String {
        let comma = if self.choose(3) == 0 { " , " } else { ", " };
        match value {
            Value::Null => "null".to_owned(),
            Value::Bool(flag) => flag.to_string(),
            Value::Int(number) => number.to_string(),
            Value::OtherNumber(number) => number.0.to_string(),
            Value::String(text) => self.string(text, inside),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item, true)).collect();
                format!("[{}]", items.join(comma))
            }
            Value::Map(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(key, value)| format!("{}: {}", self.string(key, true), self.flow(value, true)))
                    .collect();
                format!("{{ {} }}", fields.join(comma))
            }
        }
    }

    fn string(&mut self, text: &str, inside: bool) -> String {
        let is_word = text.chars().all(|c| c.is_ascii_lowercase())
            && !["yes", "no", "on", "off", "true", "null", "", "y", "n"].contains(&text);
        match self.choose(3) {
            0 if is_word => text.to_owned(),
            1 if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
            _ if is_word && !inside => text.to_owned(),
            _ => {
                let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                format!("\"{escaped}\"")
            }
        }
    }
}
