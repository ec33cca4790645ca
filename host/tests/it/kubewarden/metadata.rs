//! The module's metadata, which Kubewarden reads before it runs the module.

use std::collections::BTreeSet;

use hallpass::engine::KUBEWARDEN;
use hallpass_policy::WorkloadKind;
use serde_json::{Value as Json, json};

const NAME: &[u8] = b"\x16io.kubewarden.metadata";

fn metadata() -> Json {
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
    let kinds: Vec<&str> = metadata["contextAwareResources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["WorkloadAllowlist", "Pod"]);
}

/// kwctl and the policy server parse these with the crate `semver`, which rejects `1.10`.
#[test]
fn versions_are_full_semantic_versions() {
    let metadata = metadata();
    for version in
        [&metadata["minimumKubewardenVersion"], &metadata["annotations"]["io.kubewarden.policy.version"]]
    {
        let parts: Vec<&str> = version.as_str().unwrap().split('.').collect();
        let is_number = |part: &&str| part.parse::<u64>().is_ok_and(|number| number.to_string() == **part);
        assert!(parts.len() == 3 && parts.iter().all(is_number), "{version}");
    }
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
