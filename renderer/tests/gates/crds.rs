//! Validates objects against the custom resource definitions in `schemas/crds`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde_json::{Value as Json, json};

use crate::health::FOLDER;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn definition(plural: &str) -> Json {
    let path = repository().join(format!("schemas/crds/{plural}.auto.gke.io.yaml"));
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Returns a validator for a kind. Unknown fields are errors here; the API server would drop them.
fn validator(plural: &str) -> Validator {
    let mut schema = definition(plural)["spec"]["versions"][0]["schema"]["openAPIV3Schema"].take();
    close(&mut schema);
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

fn close(schema: &mut Json) {
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        properties.values_mut().for_each(close);
        schema["additionalProperties"] = false.into();
    }
    if let Some(items) = schema.get_mut("items") {
        close(items);
    }
}

#[test]
fn definitions_are_objects_that_kubernetes_knows() {
    for plural in ["allowlistsynchronizers", "workloadallowlists"] {
        let definition = definition(plural);
        let typed: CustomResourceDefinition = serde_json::from_value(definition.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), definition);
        assert_eq!(definition["metadata"]["name"], format!("{plural}.auto.gke.io"));
        assert_eq!(definition["spec"]["names"]["plural"], plural);
    }
}

#[test]
fn the_health_checks_are_tried_on_objects_that_a_cluster_could_have() {
    let validator = validator("allowlistsynchronizers");
    let mut count = 0;
    for entry in Path::new(FOLDER).join("testdata").read_dir().unwrap() {
        let path = entry.unwrap().path();
        let object: Json = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let faults: Vec<String> = validator.iter_errors(&object).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{path:?}: {faults:#?}");
        count += 1;
    }
    assert!(count > 20);
}

#[test]
fn the_examples_are_allowlists_that_a_cluster_could_have() {
    let validator = validator("workloadallowlists");
    for entry in repository().join("examples/allowlists").read_dir().unwrap() {
        let path = entry.unwrap().path();
        let object: Json = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let faults: Vec<String> = validator.iter_errors(&object).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{path:?}: {faults:#?}");
    }
}

pub(crate) fn schema(name: &str) -> Json {
    let path = repository().join(format!("schemas/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Collects the paths of all fields in a schema, and follows references.
fn fields(root: &Json, schema: &Json, at: &str, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return fields(root, root.pointer(reference.trim_start_matches('#')).unwrap(), at, found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        found.insert(format!("{at}/{name}"));
        fields(root, field, &format!("{at}/{name}"), found);
    }
    if schema["items"].is_object() {
        fields(root, &schema["items"], at, found);
    }
}

#[test]
fn the_schemas_for_authors_know_what_the_definitions_know() {
    for (name, plural) in [("synchronizer", "allowlistsynchronizers"), ("allowlist", "workloadallowlists")] {
        let schema = schema(name);
        let definition = definition(plural)["spec"]["versions"][0]["schema"]["openAPIV3Schema"].take();
        let (mut ours, mut theirs) = (BTreeSet::new(), BTreeSet::new());
        fields(&schema, &schema, "", &mut ours);
        fields(&definition, &definition, "", &mut theirs);
        // Authors write a name, which every object has, and no status.
        assert!(ours.remove("/metadata/name"));
        for fields in [&mut ours, &mut theirs] {
            fields.retain(|field| !field.starts_with("/status"));
        }
        assert_eq!(ours, theirs);
    }
}

#[test]
fn the_schema_for_authors_takes_the_examples_and_refuses_slips() {
    let validator = jsonschema::draft202012::new(&schema("allowlist")).unwrap();
    for entry in repository().join("examples/allowlists").read_dir().unwrap() {
        let path = entry.unwrap().path();
        let object: Json = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        refuses(
            &validator,
            &object,
            &[
                ("/apiVersion", json!("auto.gke.io/v1beta1")),
                ("/kind", json!("WorkloadAllowList")),
                ("/metadata", json!({})),
                ("/exemptions", json!("autogke-disallow-privilege")),
                ("/matchingCriteria", json!({})),
                ("/matchingCriteria/hostPID", json!("yes")),
                ("/matchingCriteria/containers/0", json!({"image": "x"})),
                ("/matchingCriteria/containers/0", json!({"name": "agent", "images": []})),
                ("/matchingCriteria/volumes/0/hostPath", json!({})),
            ],
        );
    }
}

#[test]
fn the_schema_for_authors_refuses_what_can_never_be_synced() {
    let synchronizer = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "AllowlistSynchronizer", "metadata": {"name": "partner.v1"},
        "spec": {"allowlistPaths": ["a/*", "a/b.yaml"], "bucketName": "b", "projectNumber": 1},
    });
    refuses(
        &jsonschema::draft202012::new(&schema("synchronizer")).unwrap(),
        &synchronizer,
        &[
            ("/apiVersion", json!("auto.gke.io/v1beta1")),
            ("/kind", json!("AllowListSynchronizer")),
            ("/metadata", json!({})),
            ("/metadata/name", json!("Partner")),
            ("/spec/allowlistPaths", json!([])),
            ("/spec/allowlistPaths", json!(["a/*", "a/*"])),
            ("/spec/allowlistPaths", json!(["gs://b/a/*"])),
            ("/spec/allowlistPaths", json!(["a/../b.yaml"])),
            ("/spec", json!({"allowlistPaths": ["a/*"], "bucketName": "b"})),
            ("/spec", json!({"allowlistPaths": ["a/*"], "projectNumber": 1})),
            ("/spec", json!({"allowlistPaths": ["a/*"], "paths": []})),
            ("/spec/projectNumber", json!("1")),
        ],
    );
}

#[test]
fn what_a_cluster_could_not_have_is_refused() {
    let synchronizer = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "AllowlistSynchronizer", "metadata": {"name": "partner"},
        "spec": {"allowlistPaths": ["a/*"], "bucketName": "b", "projectNumber": 1},
        "status": {"managedAllowlistStatus": [{"filePath": "a/b.yaml", "phase": "Installed"}]},
    });
    refuses(
        &validator("allowlistsynchronizers"),
        &synchronizer,
        &[
            ("/spec", json!({})),
            ("/spec/allowlistPaths", json!("a/*")),
            ("/spec/allowlistPaths", json!([1])),
            ("/spec/bucketName", json!(7)),
            ("/spec/projectNumber", json!("1")),
            ("/spec", json!({"allowlistPaths": [], "bucket": "b"})),
            ("/status/managedAllowlistStatus/0", json!({"filePath": "a/b.yaml"})),
            ("/status", json!({"lastSyncAttempt": "yesterday"})),
        ],
    );
    let allowlist = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "agent"},
        "exemptions": [], "matchingCriteria": {"containers": [{"name": "agent", "args": []}], "volumes": []},
    });
    refuses(
        &validator("workloadallowlists"),
        &allowlist,
        &[
            ("/exemptions", json!("all")),
            ("/matchingCriteria", json!({})),
            ("/matchingCriteria/containers/0", json!({"image": "x"})),
            ("/matchingCriteria/containers/0/args", json!([1])),
            ("/matchingCriteria/containers/0", json!({"name": "agent", "imageDigests": []})),
            ("/matchingCriteria/volumes", json!([{"hostPath": {"path": "/"}}])),
        ],
    );
}

fn refuses(validator: &Validator, valid: &Json, faults: &[(&str, Json)]) {
    assert!(validator.is_valid(valid));
    for (pointer, wrong) in faults {
        let mut object = valid.clone();
        *object.pointer_mut(pointer).unwrap() = wrong.clone();
        assert!(!validator.is_valid(&object), "{pointer}: {wrong}");
    }
}
