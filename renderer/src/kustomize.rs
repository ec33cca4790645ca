//! `kustomization.yaml`, for every folder that is applied as a whole.

use serde_json::json;

use crate::object::{Object, set};

pub(crate) const FILE: &str = "kustomization.yaml";

/// Returns a kustomization of these files, relative to its own folder.
pub(crate) fn object(mut resources: Vec<String>) -> Object {
    resources.sort_unstable();
    let mut kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": resources,
    });
    // Kustomize refuses an empty kustomization, but a cluster without resources must still be pruned. This option has
    // no effect.
    let options = resources.is_empty().then(|| json!({ "disableNameSuffixHash": true }));
    set(&mut kustomization, "generatorOptions", options);
    kustomization
}
