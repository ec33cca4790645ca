//! The module's metadata, which Kubewarden reads before it runs the module.

use std::collections::BTreeSet;

use hallpass::engine::KUBEWARDEN;
use hallpass_policy::WorkloadKind;
use serde_json::{Value as Json, json};

use super::data;
use crate::support::repository;

const NAME: &[u8] = b"\x16io.kubewarden.metadata";

pub(super) fn metadata() -> Json {
    let mut places = KUBEWARDEN.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    let (place, _) = places.next().unwrap();
    assert!(places.next().is_none(), "there are two sections");
    // It is the last section.
    serde_json::from_slice(&KUBEWARDEN[place + NAME.len()..]).unwrap()
}

fn words(list: &Json) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn the_metadata_say_what_the_policy_does() {
    let metadata = metadata();
    assert_eq!(metadata["protocolVersion"], json!("v1"));
    assert_eq!(metadata["executionMode"], json!("kubewarden-wapc"));
    assert_eq!(metadata["policyType"], json!("kubernetes"));
    assert_eq!(metadata["mutating"], json!(true));
    assert_eq!(metadata["annotations"]["io.kubewarden.policy.version"], json!(env!("CARGO_PKG_VERSION")));
    let usage = std::fs::read_to_string(repository().join("kubewarden/README.md")).unwrap();
    assert_eq!(metadata["annotations"]["io.kubewarden.policy.usage"], json!(usage));
    let is_published = !env!("CARGO_PKG_REPOSITORY").is_empty();
    for annotation in ["ociUrl", "source", "url"] {
        let value = &metadata["annotations"][format!("io.kubewarden.policy.{annotation}")];
        assert_eq!(value.is_string(), is_published, "{annotation}");
    }
    let kinds: Vec<&str> = metadata["contextAwareResources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["WorkloadAllowlist", "Pod"]);
}

/// kwctl and the policy server reject a module whose metadata violate this.
#[test]
fn kubewarden_accepts_the_metadata() {
    let schema = std::fs::read(repository().join("kubewarden/cases/metadata.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&serde_json::from_slice(&schema).unwrap()).unwrap();
    let mut metadata = metadata();
    let errors: Vec<String> =
        schema.iter_errors(&metadata).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    // A release also has these.
    metadata["annotations"]["io.kubewarden.policy.ociUrl"] = json!("ghcr.io/acme/policies/hallpass");
    metadata["annotations"]["io.kubewarden.policy.source"] = json!("https://github.com/acme/hallpass");
    assert!(schema.is_valid(&metadata));
    metadata["minimumKubewardenVersion"] = json!("1.10");
    assert!(!schema.is_valid(&metadata));
}

/// The policy can call nothing else, and Kubewarden denies what is not declared.
#[test]
fn the_host_capabilities_are_those_that_the_cases_use() {
    let mut used = BTreeSet::new();
    for file in ["cluster.yaml", "no-connect.yaml"] {
        for case in data(file)["cases"].as_array().unwrap() {
            for call in case["calls"].as_array().into_iter().flatten() {
                used.extend(
                    call.as_object().unwrap().keys().map(|operation| format!("kubernetes/{operation}")),
                );
            }
        }
    }
    let metadata = metadata();
    assert_eq!(words(&metadata["hostCapabilities"]), used.iter().map(String::as_str).collect());
}

#[test]
fn the_rules_cover_every_kind_that_is_judged() {
    let metadata = metadata();
    let rules = metadata["rules"].as_array().unwrap();
    let covered = |group: &str, resource: &str, operation: &str| {
        rules.iter().any(|rule| {
            words(&rule["apiGroups"]).contains(group)
                && words(&rule["resources"]).contains(resource)
                && words(&rule["operations"]).contains(operation)
        })
    };
    for kind in WorkloadKind::ALL {
        let resource = format!("{}s", kind.name().to_lowercase());
        assert!(
            covered(kind.group(), &resource, "CREATE") && covered(kind.group(), &resource, "UPDATE"),
            "{resource}"
        );
    }
    assert!(covered("", "pods/ephemeralcontainers", "UPDATE"));
    for way in ["attach", "exec", "portforward"] {
        assert!(covered("", &format!("pods/{way}"), "CONNECT"));
    }
    for resource in ["allowlistsynchronizers", "workloadallowlists"] {
        assert!(covered("auto.gke.io", resource, "CREATE") && covered("auto.gke.io", resource, "UPDATE"));
    }
}
