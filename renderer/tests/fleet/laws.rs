//! Properties of every fleet and every object.

use std::fs;

use hallpass_document::Value;
use hallpass_renderer::{File, Fleet, WorkloadPolicies, object, render};
use hallpass_schemas::FLEET;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Map, Value as Json, json};

use crate::support::data;

fn config() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(0x6861_6c6c),
        failure_persistence: None,
        ..Config::default()
    }
}

/// Strings that some YAML parsers read as something else, among ordinary ones.
fn text() -> impl Strategy<Value = String> {
    let odd = [
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "true",
        "null",
        "~",
        "",
        "<<",
        "=",
        "1_000",
        "0644",
        "0o14",
        "0x1F",
        "0b11",
        "1e3",
        "1_0.5",
        "+12",
        "-0",
        ".5",
        ".inf",
        ".NaN",
        "2001-01-01",
        "2001-12-14 21:59:43.10 -5",
        "1:20",
        "1.2.3",
        "-",
        "- a",
        "a: b",
        "a #b",
        "'",
        "\"",
        "\u{1}yes",
        "\\x01",
        "\"\\x01\"",
        "\u{2}",
        "two\nlines\n",
        "\n",
        " lead",
        "trail ",
        "tab\there",
        "*",
        "&a",
        "!t",
        "@",
        "`",
        "%",
        "{",
        "[",
        "|",
        ">",
        "?",
        ":",
        ",",
        "---",
        "...",
        "\u{7f}",
        "\u{85}",
        "\u{feff}",
        "\u{202e}txt.exe",
        "a\u{9b}m\u{200b}\u{e0041}\u{fe0f}",
        "two\u{2066}\nlines\n",
        "\u{1}\u{1}no\u{ad}",
        "🚀",
    ];
    prop_oneof![
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        "\\PC{0,12}",
        "[0-9+._:eExXoObB-]{1,8}"
    ]
}

fn tree() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        4 => text().prop_map(Json::from),
        1 => any::<i64>().prop_map(Json::from),
        1 => any::<bool>().prop_map(Json::from),
        1 => Just(Json::Null),
        1 => (-1000_i32..1000).prop_map(|n| Json::from(f64::from(2 * n + 1) / 8.0)),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map(text(), inner, 0..5)
                .prop_map(|entries| entries.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// The reader's placeholder for every fractional number.
const ANY_FLOAT: f64 = 0.5;

fn as_read(value: Json) -> Json {
    match value {
        Json::Number(number) if number.is_f64() => ANY_FLOAT.into(),
        Json::Array(items) => items.into_iter().map(as_read).collect(),
        Json::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, as_read(value))).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}

fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::OtherNumber(_) => ANY_FLOAT.into(),
        Value::String(text) => text.as_ref().into(),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect::<Map<_, _>>().into()
        }
    }
}

fn base() -> Json {
    serde_yaml::from_str(&fs::read_to_string(data().join("faults/base.yaml")).unwrap()).unwrap()
}

fn rendered(fleet: &Json) -> Result<Vec<File>, Vec<String>> {
    let bytes = serde_json::to_vec(fleet).unwrap();
    let document = hallpass_reader::read(&bytes).next().unwrap().unwrap();
    match Fleet::read(document.root()) {
        Ok(read) => Ok(render(&read.fleet, &WorkloadPolicies::new(&read.fleet))),
        Err(faults) => Err(faults.iter().map(ToString::to_string).collect()),
    }
}

/// Collects every JSON pointer of a document.
fn places(value: &Json, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        Json::Object(fields) => {
            fields.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found))
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(config())]

    /// The reader of hallpass parses YAML like kubectl. The written YAML hides nothing from reviewers.
    #[test]
    fn kubectl_reads_what_was_written(objects in prop::collection::vec(prop::collection::btree_map(text(), tree(), 1..4), 1..3)) {
        let objects: Vec<Json> =
            objects.into_iter().map(|entries| entries.into_iter().collect::<Map<_, _>>().into()).collect();
        let written = object::write(&objects);
        prop_assert!(!written.contains(|c| c != '\n' && hallpass_document::is_hidden(c)), "{:?}", written);
        let read: Vec<Json> = hallpass_reader::read(written.as_bytes())
            .map(|document| document.map(|document| to_json(document.root())))
            .collect::<Result<_, _>>()
            .map_err(|error| TestCaseError::fail(format!("{}: {written}", error.message)))?;
        prop_assert_eq!(read, objects.into_iter().map(as_read).collect::<Vec<_>>(), "{}", written);
    }

    /// For any change to a fleet: every fault has a help line and a pointer that exists or is missing.
    #[test]
    fn no_fleet_is_beyond_an_answer(at in any::<prop::sample::Index>(), value in tree()) {
        let mut fleet = base();
        let mut found = Vec::new();
        places(&fleet, "", &mut found);
        *fleet.pointer_mut(&found[at.index(found.len())]).unwrap() = value;
        if let Err(faults) = rendered(&fleet) {
            prop_assert!(!faults.is_empty());
            for fault in faults {
                prop_assert!(fault.ends_with(')') && !fault.contains("does not fit the schema"), "{}", fault);
                prop_assert!(!fault.contains("(fix it)") && !fault.contains("this is not a fleet: invalid"), "{}", fault);
            }
        }
    }
}

proptest! {
    // Rendering whole trees is slow.
    #![proptest_config(Config { cases: 32, ..config() })]

    #[test]
    fn the_order_of_a_fleets_lists_changes_nothing(seed in any::<u64>()) {
        let before = base();
        let mut after = before.clone();
        for (index, list) in ["clusters", "synchronizers", "workloads", "policies", "delivery"].iter().enumerate() {
            let items = after["spec"][*list].as_array_mut().unwrap();
            let by = (seed >> (index * 8)) as usize % items.len();
            items.rotate_left(by);
        }
        prop_assert_eq!(rendered(&after), rendered(&before));
    }
}

#[test]
fn the_schema_explains_everything_that_it_defines() {
    fn walk(at: &str, schema: &Json, bare: &mut Vec<String>) {
        let explained = ["description", "$ref"].iter().any(|key| schema.get(key).is_some());
        if !explained {
            bare.push(at.to_owned());
        }
        for key in ["properties", "$defs"] {
            for (name, field) in schema.get(key).and_then(Json::as_object).into_iter().flatten() {
                walk(&format!("{at}/{name}"), field, bare);
            }
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
                walk(&format!("{at}/{key}"), inner, bare);
            }
        }
    }
    let schema: Json = serde_json::from_str(FLEET).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let mut bare = Vec::new();
    walk("", &schema, &mut bare);
    assert_eq!(bare, [] as [String; 0]);
    assert!(rendered(&json!({})).is_err());
}
