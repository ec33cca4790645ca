//! Writes values as YAML to paste into a file: block style, lists not indented, as in most manifests.

use hallpass_document::{Value, is_hidden, push_key, visible};

/// Returns the value as lines of YAML.
#[must_use]
pub fn yaml(value: &Value<'_>) -> String {
    yaml_with(value, |_| Vec::new())
}

/// Returns the value as lines of YAML, with comments above the values at these JSON pointers.
#[must_use]
pub fn yaml_with<'c>(value: &Value<'_>, comments: impl Fn(&str) -> Vec<&'c str>) -> String {
    let mut text = Writer { comments: &comments }.lines(value, "").join("\n");
    text.push('\n');
    text
}

struct Writer<'w, F> {
    comments: &'w F,
}

impl<'c, F: Fn(&str) -> Vec<&'c str>> Writer<'_, F> {
    fn lines(&self, value: &Value<'_>, at: &str) -> Vec<String> {
        match value {
            Value::Map(fields) if !fields.is_empty() => {
                fields.iter().flat_map(|(key, value)| self.field(key, value, at)).collect()
            }
            Value::List(items) if !items.is_empty() => {
                items.iter().enumerate().flat_map(|(index, value)| self.item(index, value, at)).collect()
            }
            Value::Map(_) => vec!["{}".to_owned()],
            Value::List(_) => vec!["[]".to_owned()],
            Value::String(text) => scalar(text),
            Value::Bool(flag) => vec![flag.to_string()],
            Value::Int(number) => vec![number.to_string()],
            Value::OtherNumber(number) => vec![number.0.to_string()],
            Value::Null => vec!["null".to_owned()],
        }
    }

    fn field(&self, key: &str, value: &Value<'_>, at: &str) -> Vec<String> {
        let mut at = at.to_owned();
        push_key(&mut at, key);
        let inner = self.lines(value, &at);
        let lines = match value {
            Value::List(items) if !items.is_empty() => [format!("{key}:")].into_iter().chain(inner).collect(),
            Value::Map(fields) if !fields.is_empty() => {
                [format!("{key}:")].into_iter().chain(inner.iter().map(|line| indented(line))).collect()
            }
            _ => headed(&format!("{key}: "), inner),
        };
        self.commented(&at, lines)
    }

    fn item(&self, index: usize, value: &Value<'_>, at: &str) -> Vec<String> {
        let at = format!("{at}/{index}");
        let lines = self.lines(value, &at);
        let lines = lines.iter().enumerate().map(|(index, line)| match index {
            0 => line.clone(),
            _ => indented(line),
        });
        self.commented(&at, headed("- ", lines))
    }

    fn commented(&self, at: &str, lines: Vec<String>) -> Vec<String> {
        let comments = (self.comments)(at).into_iter().map(|text| format!("# {}", visible(text)));
        comments.chain(lines).collect()
    }
}

/// Puts text before the first line.
fn headed(head: &str, lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.into_iter().collect();
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, head);
    }
    lines
}

fn indented(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("  {line}") }
}

fn scalar(text: &str) -> Vec<String> {
    if is_plain(text) {
        return vec![text.to_owned()];
    }
    match block(text) {
        Some(lines) => lines,
        None => vec![quoted(text)],
    }
}

/// Whether every YAML parser reads the text as a string without quotes.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let start = text.strip_prefix("--").unwrap_or(text);
    let starts_plainly = start.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_' | '^'));
    starts_plainly
        && text.chars().all(|c| c == ' ' || c.is_ascii_graphic())
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Writes a script with one line per line.
fn block(text: &str) -> Option<Vec<String>> {
    let (head, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    // A leading blank would count as indentation, and further line breaks at the end would be lost.
    let is_whole = body.contains('\n') && !body.starts_with([' ', '\n']) && !body.ends_with('\n');
    let is_shown = !body.contains(|c: char| c != '\n' && is_hidden(c));
    (is_whole && is_shown)
        .then(|| [head.to_owned()].into_iter().chain(body.split('\n').map(indented)).collect())
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if is_hidden(c) => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use hallpass_document::Value;
    use proptest::prelude::*;

    use super::yaml;

    fn text(text: &str) -> Value<'_> {
        Value::String(Cow::Borrowed(text))
    }

    #[test]
    fn looks_like_a_manifest() {
        let mount = Value::Map(vec![
            ("name".into(), text("proc")),
            ("mountPath".into(), text("/host/proc")),
            ("readOnly".into(), Value::Bool(true)),
        ]);
        let container = Value::Map(vec![
            ("name".into(), text("agent")),
            ("args".into(), Value::List(vec![text("--level=3"), text("3"), text("set -e\n\nrun\n")])),
            ("command".into(), Value::List(Vec::new())),
            ("volumeMounts".into(), Value::List(vec![mount])),
            ("nested".into(), Value::Map(vec![("run".into(), text("a\nb"))])),
        ]);
        let written = "- name: agent\n  args:\n  - --level=3\n  - \"3\"\n  - |\n      set -e\n\n      run\n  command: []\n  \
                       volumeMounts:\n  - name: proc\n    mountPath: /host/proc\n    readOnly: true\n  nested:\n    run: |-\n      \
                       a\n      b\n";
        assert_eq!(yaml(&Value::List(vec![container])), written);
    }

    proptest! {
        #[test]
        fn every_string_is_read_as_it_was(
            words in "(true|No|null|~|1|0x1f|1e3|--|---|\\^a\\$|[-?:,#&*!|>'\"%@`{}\\[\\] =.]|\\PC|\\n|\\t|a|/|\u{85}|\u{feff}|\u{0}){0,6}",
        ) {
            let value = Value::Map(vec![
                ("a".into(), text(&words)),
                ("b".into(), Value::List(vec![text(&words), Value::Map(vec![("c".into(), text(&words))])])),
            ]);
            let written = yaml(&value);
            let read = hallpass_reader::read(written.as_bytes()).next().unwrap().unwrap();
            prop_assert_eq!(read.root(), &value, "{}", written);
        }
    }
}
