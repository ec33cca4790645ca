//! Writes values as YAML to paste into a file: block style, lists not indented, as in most manifests.

use hallpass_document::{Value, is_hidden, push_key, visible};

use crate::scalar::{Place, Quotes, flow, string};

/// Returns the value as lines of YAML.
#[must_use]
pub fn yaml(value: &Value<'_>) -> String {
    yaml_with(value, |_| Vec::new())
}

/// Returns the value as lines of YAML, with comments above the values at these JSON pointers.
#[must_use]
pub fn yaml_with<'c>(value: &Value<'_>, comments: impl Fn(&str) -> Vec<&'c str>) -> String {
    let mut text = Writer { comments: &comments, layout: Layout::default() }.lines(value, "").join("\n");
    text.push('\n');
    text
}

/// The layout of lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    /// The indentation of a list below its key.
    pub(crate) indent: usize,
    /// Whether items are written on one line, and lists of scalars in brackets.
    pub(crate) compact: bool,
}

/// Returns the lines of a field.
pub(crate) fn field(key: &str, value: &Value<'_>, layout: Layout) -> Vec<String> {
    Writer { comments: &|_: &str| Vec::new(), layout }.field(key, value, "")
}

/// Returns the lines of an item of a list.
pub(crate) fn item(value: &Value<'_>, layout: Layout) -> Vec<String> {
    Writer { comments: &|_: &str| Vec::new(), layout }.item(0, value, "")
}

/// Returns the lines of a value.
pub(crate) fn lines(value: &Value<'_>, layout: Layout) -> Vec<String> {
    Writer { comments: &|_: &str| Vec::new(), layout }.lines(value, "")
}

struct Writer<'w, F> {
    comments: &'w F,
    layout: Layout,
}

impl<'c, F: Fn(&str) -> Vec<&'c str>> Writer<'_, F> {
    fn lines(&self, value: &Value<'_>, at: &str) -> Vec<String> {
        match value {
            Value::Map(fields) if !fields.is_empty() => {
                fields.iter().flat_map(|(key, value)| self.field(key, value, at)).collect()
            }
            Value::List(items) if self.is_block(value) => {
                items.iter().enumerate().flat_map(|(index, value)| self.item(index, value, at)).collect()
            }
            Value::String(text) => {
                block(text).unwrap_or_else(|| vec![string(text, Quotes::Plain, Place::Block)])
            }
            _ => vec![flow(value, Place::Block)],
        }
    }

    /// Whether a list is written with each item on its own lines.
    fn is_block(&self, list: &Value<'_>) -> bool {
        let Value::List(items) = list else { return false };
        match self.layout.compact {
            true => items.iter().any(is_nested),
            false => !items.is_empty(),
        }
    }

    fn field(&self, key: &str, value: &Value<'_>, at: &str) -> Vec<String> {
        let mut at = at.to_owned();
        push_key(&mut at, key);
        let inner = self.lines(value, &at);
        let key = string(key, Quotes::Plain, Place::Block);
        let below = |indent: usize| {
            let inner = inner.iter().map(move |line| indented(line, indent));
            [format!("{key}:")].into_iter().chain(inner).collect()
        };
        let lines = match value {
            Value::List(_) if self.is_block(value) => below(self.layout.indent),
            Value::Map(fields) if !fields.is_empty() => below(2),
            _ => headed(&format!("{key}: "), inner),
        };
        self.commented(&at, lines)
    }

    fn item(&self, index: usize, value: &Value<'_>, at: &str) -> Vec<String> {
        let at = format!("{at}/{index}");
        let lines = match self.layout.compact {
            true => vec![flow(value, Place::Flow)],
            false => self.lines(value, &at),
        };
        let lines = lines.iter().enumerate().map(|(index, line)| match index {
            0 => line.clone(),
            _ => indented(line, 2),
        });
        self.commented(&at, headed("- ", lines))
    }

    fn commented(&self, at: &str, lines: Vec<String>) -> Vec<String> {
        let comments = (self.comments)(at).into_iter().map(|text| format!("# {}", visible(text)));
        comments.chain(lines).collect()
    }
}

/// Whether the value is a list or map that is not empty.
pub(crate) fn is_nested(value: &Value<'_>) -> bool {
    match value {
        Value::List(items) => !items.is_empty(),
        Value::Map(fields) => !fields.is_empty(),
        _ => false,
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

/// Returns a line with more blanks before it.
pub(crate) fn indented(line: &str, indent: usize) -> String {
    if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(indent)) }
}

/// Returns a text with line breaks as a block scalar; `None` if it would be read differently.
fn block(text: &str) -> Option<Vec<String>> {
    let (head, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    // A leading blank would count as indentation, and further line breaks at the end would be lost.
    let is_whole = body.contains('\n') && !body.starts_with([' ', '\n']) && !body.ends_with('\n');
    let is_shown = !body.contains(|c: char| c != '\n' && is_hidden(c));
    (is_whole && is_shown).then(|| {
        [head.to_owned()].into_iter().chain(body.split('\n').map(|line| indented(line, 2))).collect()
    })
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
