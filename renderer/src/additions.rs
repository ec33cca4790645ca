//! Lines for the objects that teams maintain themselves, so that their workloads wait for allowlists.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::fleet::{By, Existing, ExistingKind, Fleet, Flux, Workload, plans};
use crate::{argo, flux, object};

/// Lines to add to an object that hallpass does not render.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Addition {
    /// The kind of the object that installs the workload.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The clusters, in the order of the fleet.
    pub clusters: Vec<String>,
    /// The object that takes the lines, as the object of a sentence.
    pub to: String,
    /// The lines, as YAML.
    pub yaml: String,
}

/// Returns the lines for all `existing` workloads of a fleet, sorted by workload.
#[must_use]
pub fn additions(fleet: &Fleet) -> Vec<Addition> {
    let mut found: BTreeMap<(&str, String), Addition> = BTreeMap::new();
    for plan in plans(fleet) {
        for (workload, existing) in plan.existing() {
            let lines = match plan.by() {
                Some(By::Flux(settings)) => depends_on(fleet, workload, existing, settings),
                Some(By::Argo(_)) => wave(),
                Some(By::Plain {}) | None => continue,
            };
            let yaml = object::write(&[lines]);
            let addition =
                found.entry((&workload.name, yaml.clone())).or_insert_with(|| addition(existing, yaml));
            addition.clusters.push(plan.cluster.name.clone());
        }
    }
    found.into_values().collect()
}

fn addition(existing: &Existing, yaml: String) -> Addition {
    let called = format!("{} `{}/{}`", existing.kind.name(), existing.namespace, existing.name);
    let to = match existing.kind {
        // A HelmRelease can wait only for other HelmReleases.
        ExistingKind::HelmRelease => format!("the Kustomization that applies {called}"),
        ExistingKind::Kustomization | ExistingKind::Application => called,
    };
    Addition {
        kind: existing.kind.name(),
        name: existing.name.clone(),
        namespace: existing.namespace.clone(),
        clusters: Vec::new(),
        to,
        yaml,
    }
}

fn depends_on(fleet: &Fleet, workload: &Workload, existing: &Existing, settings: &Flux) -> Value {
    // The namespace of the Kustomization that applies a HelmRelease is unknown.
    let same_namespace =
        existing.kind == ExistingKind::Kustomization && existing.namespace == settings.namespace;
    let after = flux::after(fleet, workload).into_iter().map(|name| {
        if same_namespace {
            json!({ "name": name })
        } else {
            json!({ "name": name, "namespace": settings.namespace })
        }
    });
    json!({ "spec": { "dependsOn": after.collect::<Vec<_>>() } })
}

fn wave() -> Value {
    json!({ "metadata": { "annotations": { argo::WAVE: argo::EXISTING } } })
}
