//! Kubernetes objects, and the one way in which they are written.

use serde_json::Value;
use serde_yaml::{Mapping, Value as Yaml};

/// A manifest, as JSON.
pub type Object = Value;

/// What a reader looks for first. All other keys follow in alphabetical order.
const FIRST: [&str; 6] = ["apiVersion", "kind", "name", "namespace", "metadata", "spec"];

/// Several objects as one YAML file, with `head` above them as a comment.
///
/// The order of keys depends on their names alone, so that equal objects are equal bytes.
#[must_use]
pub fn write(head: &str, objects: &[Object]) -> String {
    let mut text = String::new();
    for line in head.lines() {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        #[expect(
            clippy::expect_used,
            reason = "JSON's data model always fits YAML's, and a string takes all writes"
        )]
        text.push_str(&serde_yaml::to_string(&ordered(object)).expect("JSON is YAML"));
    }
    text
}

fn ordered(value: &Value) -> Yaml {
    match value {
        Value::Null => Yaml::Null,
        Value::Bool(flag) => Yaml::Bool(*flag),
        Value::Number(number) => serde_yaml::to_value(number).unwrap_or_default(),
        Value::String(text) => Yaml::String(text.clone()),
        Value::Array(items) => Yaml::Sequence(items.iter().map(ordered).collect()),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| (rank(key), *key));
            entries
                .into_iter()
                .map(|(key, value)| (Yaml::String(key.clone()), ordered(value)))
                .collect::<Mapping>()
                .into()
        }
    }
}

fn rank(key: &str) -> usize {
    FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len())
}
