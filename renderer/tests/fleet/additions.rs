//! The lines for objects that hallpass does not render, and the names that they refer to.

use std::collections::BTreeSet;
use std::fs;

use hallpass_renderer::additions;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::support::{data, fleet, rendered, root};
use crate::trees::fleets;

#[test]
fn every_existing_object_gets_its_lines() {
    let found = additions(&fleet(&data().join("trees/existing.yaml")));
    let shown: Vec<String> = found
        .iter()
        .map(|addition| format!("{} on {}\n{}", addition.to, addition.clusters.join(", "), addition.yaml))
        .collect();
    let expected = [
        "Application `argocd/agent` on argo-1
metadata:
  annotations:
    argocd.argoproj.io/sync-wave: '0'
",
        "Kustomization `apps/far` on flux-1, flux-2
spec:
  dependsOn:
  - name: acme-allowlist-alpha
    namespace: flux-system
",
        "Kustomization `flux-system/near` on flux-1, flux-2
spec:
  dependsOn:
  - name: acme-allowlist-alpha
  - name: acme-allowlist-beta
",
        "the Kustomization that applies HelmRelease `agents/agent` on flux-1, flux-2
spec:
  dependsOn:
  - name: acme-allowlist-beta
    namespace: flux-system
",
    ];
    assert_eq!(shown, expected);
}

fn objects(text: &str) -> Vec<Json> {
    serde_yaml::Deserializer::from_str(text).map(|document| Json::deserialize(document).unwrap()).collect()
}

fn names<'f>(fleet: &'f Json, list: &str) -> Vec<&'f str> {
    let items = fleet["spec"][list].as_array().into_iter().flatten();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}

/// Users write these names into their own objects, so every pattern is documented and no other name is rendered.
#[test]
fn names_are_as_documented() {
    let patterns = [
        ("Kustomization", "FLEET-controller", None),
        ("Kustomization", "FLEET-policies", None),
        ("Kustomization", "FLEET-allowlist-SYNCHRONIZER", Some(("synchronizers", "SYNCHRONIZER"))),
        ("Kustomization", "FLEET-workload-WORKLOAD", Some(("workloads", "WORKLOAD"))),
        ("HelmRelease", "FLEET-WORKLOAD", Some(("workloads", "WORKLOAD"))),
        ("HelmRepository", "FLEET-WORKLOAD", Some(("workloads", "WORKLOAD"))),
        ("OCIRepository", "FLEET-WORKLOAD", Some(("workloads", "WORKLOAD"))),
        ("Application", "FLEET-CLUSTER", Some(("clusters", "CLUSTER"))),
    ];
    let docs = fs::read_to_string(root().join("docs/gitops.md")).unwrap();
    for (kind, pattern, _) in patterns {
        let row = docs.lines().find(|line| line.contains(&format!("`{pattern}`")));
        assert!(
            row.is_some_and(|row| row.contains(kind)),
            "docs/gitops.md has no row for {kind} `{pattern}`"
        );
    }
    let mut seen = BTreeSet::new();
    for (source, _) in fleets() {
        let written: Json = serde_yaml::from_str(&fs::read_to_string(&source).unwrap()).unwrap();
        let fleet_name = written["metadata"]["name"].as_str().unwrap();
        for object in rendered(&source).iter().flat_map(|file| objects(&file.contents)) {
            let (kind, name) = (object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str());
            let Some(name) = name.filter(|_| patterns.iter().any(|(known, ..)| *known == kind)) else {
                continue;
            };
            let matched = patterns.iter().find(|(known, pattern, part)| {
                let pattern = pattern.replace("FLEET", fleet_name);
                *known == kind
                    && match part {
                        None => pattern == name,
                        Some((list, part)) => {
                            names(&written, list).iter().any(|item| pattern.replace(part, item) == name)
                        }
                    }
            });
            let (_, pattern, _) =
                matched.unwrap_or_else(|| panic!("{kind} `{name}` of {}", source.display()));
            seen.insert((kind.to_owned(), *pattern));
        }
    }
    assert_eq!(seen.len(), patterns.len(), "{seen:?}");
}
