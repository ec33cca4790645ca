//! The workloads of `cases/` with the server: hallpass must report an error or a warning for what the server refuses.

use std::path::Path;

use hallpass_apiserver::complete;
use hallpass_policy::{Role, Workload, manifests};
use rayon::prelude::*;
use serde_json::Value as Json;

use super::start;

/// Messages of the server for which hallpass need not report anything, and why.
const SILENT: &[(&str, &str)] = &[
    ("ephemeralContainers: Forbidden", "a request about the subresource holds them, and no created Pod"),
    ("`hostUsers` must be false to use `Unmasked`", "C9 denies `Unmasked` as it is"),
    (
        "hostNetwork must be true if pod contains any hostProcess containers",
        "C9 denies `hostProcess` as it is",
    ),
    ("must not contain '..'", "C3 denies such a path, mounted as it may be"),
    ("spec.nodeSelector: Invalid value", "C6 denies every key that it does not know"),
    ("spec.tolerations[0]", "C6 takes no such toleration for one that separates"),
    ("matchExpressions[0].values: Required value", "C6 denies the key as it is"),
    ("pod rejected: RuntimeClass", "a cluster of GKE's has the classes, and this server none"),
    ("recursiveReadOnly: Forbidden", "no rule reads it"),
    ("for block mode", "no rule asks for the type of a device's volume"),
    ("envFrom: Invalid value", "M7 compares both sources"),
    (
        "must not have leading or trailing whitespace",
        "M5 takes the blank for a part of the name, which no list has",
    ),
    ("iscsi.iqn: Required value", "C9 judges the type alone"),
    ("ephemeral.volumeClaimTemplate.spec.accessModes: Required value", "C9 judges the type alone"),
];

#[test]
fn what_the_server_refuses_is_reported() {
    let Some(server) = start() else { return };
    let asked = workloads();
    assert!(asked.len() > 400, "only {} workloads", asked.len());
    let create = ["create", "--dry-run=server", "--validate=ignore", "-f", "-"];
    let refused: Vec<(&String, String)> = asked
        .par_iter()
        .filter_map(|(name, object)| Some((name, server.kubectl(&create, &object.to_string()).err()?)))
        .collect();
    for (words, _) in SILENT {
        assert!(refused.iter().any(|(_, refusal)| refusal.contains(words)), "no case shows `{words}`");
    }
    let shown = |refusal: &str| SILENT.iter().any(|(words, _)| refusal.contains(words));
    let unexpected: Vec<_> = refused.iter().filter(|(_, refusal)| !shown(refusal)).collect();
    assert!(unexpected.is_empty(), "{} of {}: {unexpected:#?}", unexpected.len(), asked.len());
}

/// Returns every workload that is evaluated without an error or a warning, with its case.
fn workloads() -> Vec<(String, Json)> {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
    for entry in folder.read_dir().unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let file = hallpass_reader::read(&bytes).next().unwrap().unwrap();
        let file = serde_json::to_value(file.root()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let name = format!("{}, `{}`", file["rule"].as_str().unwrap(), case["name"].as_str().unwrap());
            let objects = judged(case["workload"].as_str().unwrap());
            found.extend(objects.into_iter().map(|object| (name.clone(), object)));
        }
    }
    found
}

fn judged(text: &str) -> Vec<Json> {
    let mut found = Vec::new();
    for document in hallpass_reader::read(text.as_bytes()).flatten() {
        let (objects, faults) = manifests(document.root());
        if !faults.is_empty() {
            continue;
        }
        for manifest in objects {
            let Ok(Role::Workload(kind)) = manifest.role() else { continue };
            if Workload::read(&manifest, kind).is_ok_and(|read| read.warnings.is_empty()) {
                found.push(complete(kind, serde_json::to_value(manifest.value).unwrap(), "default"));
            }
        }
    }
    found
}
