//! `kustomization.yaml`, which every folder that is applied as a whole has.

use serde_json::json;

use crate::object::Object;

pub(crate) const FILE: &str = "kustomization.yaml";

/// A kustomization of these files, relative to its own folder.
pub(crate) fn object(mut resources: Vec<String>) -> Object {
    resources.sort_unstable();
    let mut kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": resources,
    });
    // Kustomize refuses a kustomization that says nothing, but a cluster that is left with nothing must lose what it
    // had: this says something that has no effect.
    if resources.is_empty()
        && let Some(fields) = kustomization.as_object_mut()
    {
        fields.insert("generatorOptions".to_owned(), json!({ "disableNameSuffixHash": true }));
    }
    kustomization
}
