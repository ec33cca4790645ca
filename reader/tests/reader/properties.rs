//! Properties of every input.

use hallpass_document::Value;
use hallpass_reader::{Document, read};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value as Json;

const MANIFEST: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: &meta {name: agent, labels: {app: \"x\", 'y': z}}
spec:
  template:
    metadata: *meta
    spec:
      hostPID: yes
      containers:
      - name: a # b
        args: [--one, \"two\\n\", 0644]
        command:
        - |
          echo é
        securityContext: {<<: *meta, privileged: true}
---
{\"kind\": \"Pod\", \"spec\": {\"hostNetwork\": true, \"n\": [1, 2.5, null]}}
";

fn json() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        "[a-zA-Z0-9_./: -]{0,12}",
        "[ -~é😀\\u{A0}]{0,8}",
        "\\PC{0,4}",
        Just("yes".to_owned()),
        Just("<<".to_owned()),
        Just("\n\t\u{85}\u{2028}\u{1}".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1e9..1e9_f64).prop_map(Json::from),
        text.clone().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::hash_map(text.clone(), inner, 0..6)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// Returns every pointer into a document, with its value.
fn nodes<'v, 'a>(value: &'v Value<'a>, pointer: String, out: &mut Vec<(String, &'v Value<'a>)>) {
    out.push((pointer.clone(), value));
    match value {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                nodes(item, format!("{pointer}/{index}"), out);
            }
        }
        Value::Map(fields) => {
            for (key, value) in fields {
                nodes(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {}
    }
}

/// Each scalar on one line, read by itself, has the same value.
fn check_places(document: &Document<'_>, source: &str) {
    let lines: Vec<&str> = source.lines().collect();
    let mut all = Vec::new();
    nodes(document.root(), String::new(), &mut all);
    for (pointer, value) in all {
        let place = document.locate(&pointer);
        assert!(place.exact, "{pointer}");
        let line = lines.get(place.line as usize - 1).copied().unwrap_or_default();
        let from = line.chars().skip(place.column as usize - 1);
        if place.anchor.is_some() {
            assert!(from.take(1).eq(['*']), "{pointer}: no alias at {place:?}");
        } else if value.is_null() && place == document.locate_key(&pointer) {
            // The value has no text, so only the key has a position.
        } else if place.width > 0 {
            let token: String = from.take(place.width as usize).collect();
            let alone = if is_json(source) { format!("[{token}]") } else { format!("- {token}\n") };
            let read_alone = read(alone.as_bytes()).next().unwrap().unwrap();
            let Value::List(items) = read_alone.root() else { panic!("{alone}") };
            assert_eq!(
                items.first().map(crate::common::json),
                Some(crate::common::json(value)),
                "{pointer} at {place:?}"
            );
        }
    }
}

fn is_json(source: &str) -> bool {
    source.trim_start().starts_with(['{', '['])
}

/// A change to a text: the position, the removed text and the new text.
fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, String)>> {
    let token = prop_oneof![
        "[ \\t\\r\\n:#&*!|>'\"%@`{}\\[\\],?<~-]{1,3}",
        Just("\n---\n".to_owned()),
        Just("\n...\n".to_owned()),
        Just("*meta".to_owned()),
        Just("<<: ".to_owned()),
        Just("é\u{FEFF}\u{2028}".to_owned()),
        "\\PC{0,2}",
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, token), 0..5)
}

fn edited(edits: &[(prop::sample::Index, usize, String)]) -> String {
    let mut text: Vec<char> = MANIFEST.chars().collect();
    for (at, gone, new) in edits {
        let at = at.index(text.len() + 1);
        let end = (at + gone).min(text.len());
        text.splice(at..end, new.chars());
    }
    text.into_iter().collect()
}

/// The trees and the errors, without the positions of errors, which may differ.
fn verdicts(text: &str) -> Vec<Result<Json, String>> {
    read(text.as_bytes())
        .map(|document| {
            document.map(|document| crate::common::json(document.root())).map_err(|error| error.message)
        })
        .collect()
}

/// The end of a key, the quote around its text, if any, and the lines of the text with their indentation.
type Text = (String, Option<char>, Vec<(String, usize)>);

/// A map of plain or quoted texts; the continuation lines of a quoted text are indented by this much.
fn texts() -> impl Strategy<Value = Vec<Text>> {
    let word = "[a-c'\"]{1,16}";
    let line = ("[a-c \t,:#{}\\[\\]-]{0,6}", 0..5_usize);
    let quote = prop::option::of(prop::sample::select(vec!['"', '\'']));
    prop::collection::vec((word, quote, prop::collection::vec(line, 1..4)), 1..6)
}

fn written(texts: &[Text], fixed: Option<usize>) -> String {
    let mut text = String::from("a:\n  b:\n");
    for (index, (word, quote, lines)) in texts.iter().enumerate() {
        let Some(quote) = quote else {
            text.push_str(&format!("    k{index}{word}: c{word}\n"));
            continue;
        };
        let lines: Vec<String> = lines
            .iter()
            .map(|(line, indent)| format!("{}x{line}", " ".repeat(fixed.unwrap_or(*indent))))
            .collect();
        text.push_str(&format!("    k{index}{word}: {quote}{}{quote} # '\n", lines.join("\n")));
    }
    text
}

/// A fixed seed, so that a run depends only on the code.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x7265_6164),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn bytes_never_crash_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes).count();
    }

    #[test]
    fn yaml_like_text_never_crashes_it(text in "([a-c]|[ \\t\\r\\n:#&*!|>'\"%@`{}\\[\\],?<~.0-]){0,80}") {
        for document in read(text.as_bytes()).flatten() {
            let _ = document.locate("/a/0");
        }
    }

    #[test]
    fn edited_manifests_keep_their_places(edits in edits()) {
        let text = edited(&edits);
        for document in read(text.as_bytes()).flatten() {
            if !text.contains('\r') && !text.starts_with('\u{FEFF}') {
                check_places(&document, &text);
            }
        }
    }

    #[test]
    fn quoted_text_may_go_on_further_left(texts in texts()) {
        let verdicts_of = |fixed| verdicts(&written(&texts, fixed));
        let indented = verdicts_of(Some(8));
        prop_assert!(indented.iter().all(Result::is_ok), "{:?}: {}", indented, written(&texts, Some(8)));
        // The first line follows the quote directly, so its leading blanks count.
        let trimmed = |texts: Vec<Result<Json, String>>| format!("{texts:?}").replace(' ', "");
        prop_assert_eq!(trimmed(verdicts_of(None)), trimmed(indented), "{}", written(&texts, None));
    }

    #[test]
    fn line_ends_do_not_matter(edits in edits()) {
        let text = edited(&edits).replace('\r', "");
        prop_assert_eq!(verdicts(&text), verdicts(&text.replace('\n', "\r\n")));
    }

    #[test]
    fn json_reads_back_as_json(value in json()) {
        for text in [format!("[{value}]"), format!("[{value:#}]")] {
            let document = read(text.as_bytes()).next().unwrap().unwrap();
            let expected = crate::common::without_other_numbers(Json::from(vec![value.clone()]));
            prop_assert_eq!(crate::common::json(document.root()), expected);
            check_places(&document, &text);
        }
    }

    #[test]
    fn json_reads_back_as_yaml(value in json()) {
        // YAML 1.1 breaks lines at these, and JSON does not: a reader of both must reject them or require escapes.
        let escape = |text: String| {
            text.chars().map(|c| match c {
                '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}'..='\u{FFFF}' => {
                    format!("\\u{:04x}", u32::from(c))
                }
                c => c.to_string(),
            }).collect::<String>()
        };
        for text in [format!("# YAML\n- {value}\n"), format!("# YAML\n- {:#}\n", value).replace("\n", "\n  ")] {
            let text = escape(text);
            let document = read(text.as_bytes()).next().unwrap().unwrap();
            let same = normal(crate::common::json(document.root())) == normal(Json::from(vec![value.clone()]));
            prop_assert!(same, "{}", text);
            check_places(&document, &text);
        }
    }
}

/// YAML turns whole floats into integers, like kubectl; the values of others are not kept.
fn normal(value: Json) -> Json {
    match value {
        Json::Number(number)
            if number.as_f64().is_some_and(|float| float.fract() == 0.0 && float.abs() < 1e15) =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
            let whole = number.as_i64().unwrap_or_else(|| number.as_f64().unwrap_or_default() as i64);
            whole.into()
        }
        Json::Number(number) if number.as_i64().is_none() => crate::common::other_number(),
        Json::Array(items) => items.into_iter().map(normal).collect(),
        Json::Object(fields) => fields.into_iter().map(|(key, value)| (key, normal(value))).collect(),
        other => other,
    }
}
