//! Valid settings: the policy and `schemas/kubewarden-settings.schema.json` agree, as far as a schema can check.

use std::collections::BTreeSet;

use hallpass_kubewarden::SETTINGS;
use hallpass_policy::Constraint;
use serde_json::{Value as Json, json};

use super::{data, server, validate_settings};
use crate::support::repository;

fn schema() -> Json {
    read_schema("kubewarden-settings")
}

fn read_schema(name: &str) -> Json {
    let text = std::fs::read(repository().join(format!("schemas/{name}.schema.json"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn what_is_wrong_is_told_by_its_field() {
    let server = server();
    let schema = jsonschema::draft202012::new(&schema()).unwrap();
    let mut wrong = Vec::new();
    for case in data("settings.yaml").as_array().unwrap() {
        let settings = &case["settings"];
        let answer = validate_settings(&server, settings);
        let expected = match &case["message"] {
            Json::Null => json!({"valid": true}),
            message => json!({
                "valid": false,
                "message": format!("the settings of the policy are invalid\n{}", message.as_str().unwrap().trim_end()),
            }),
        };
        if answer != expected {
            wrong.push(format!("{settings}\n  {answer}\n  {expected}"));
        }
        // Settings that only a parser of patterns, or a comparison of entries, can reject.
        let is_beyond = case["beyondSchema"] == json!(true);
        if schema.is_valid(settings) != (answer["valid"] == json!(true) || is_beyond) {
            wrong.push(format!("the schema differs: {settings}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_schema_has_the_same_fields() {
    let schema = schema();
    let fields: BTreeSet<&str> =
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, SETTINGS.into());
}

/// Editors read one file, so the settings contain the schema of profiles.
#[test]
fn the_schema_contains_the_schema_of_profiles() {
    let mut profile = read_schema("profile");
    let constraints: BTreeSet<&str> = profile["properties"]["constraints"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let evaluated = Constraint::ALL.iter().filter(|constraint| constraint.is_evaluated());
    assert_eq!(constraints, evaluated.map(|constraint| constraint.id()).collect());
    profile.as_object_mut().unwrap().remove("$schema");
    assert_eq!(schema()["$defs"]["profile"], profile);
}
