//! Merges a user's fields into an object.

use hallpass_document::{Diagnostic, Diagnostics, push_key};
use serde_json::Value;

/// The kinds of objects that take a user's fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merged {
    Kustomization,
    HelmRelease,
    Source,
}

/// Where a user's fields are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// For all objects of a cluster, policies and synchronizers among them.
    Delivery,
    /// For a chart, whose Kustomization applies objects that hallpass renders.
    Chart,
    /// For a workload with separate manifests.
    Workload,
}

/// Fields of `spec`, and what to write instead.
type Owned = [(&'static str, &'static str)];

/// Fields that change what a Kustomization applies. They could switch off a policy.
const CHANGED: [&str; 8] = [
    "commonMetadata",
    "components",
    "images",
    "namePrefix",
    "nameSuffix",
    "patches",
    "postBuild",
    "targetNamespace",
];

const KUSTOMIZATION: &Owned = &[
    ("path", "set `treePath` in `delivery`, or `path` in the workload"),
    ("sourceRef", "set `sourceRef` in `delivery`"),
    ("wait", "remove it: without it, nothing waits for an allowlist"),
];

const HELM_RELEASE: &Owned = &[
    ("chart", "set `repoURL`, `name` and `version` in `chart`"),
    ("chartRef", "set `repoURL`, `name` and `version` in `chart`"),
    ("releaseName", "set `releaseName` in `chart`"),
    ("serviceAccountName", "set `serviceAccountName` in `chart`"),
    ("storageNamespace", "set `storageNamespace` in `chart`"),
    ("targetNamespace", "set `namespace` in `chart`"),
    ("values", "set `values` in `chart`"),
    ("valuesFrom", "set `valuesFrom` in `chart`"),
];

const SOURCE: &Owned = &[
    ("layerSelector", "remove it: hallpass selects the layer with the chart"),
    ("ref", "set `version` in `chart`"),
    ("type", "set `repoURL` in `chart`"),
    ("url", "set `repoURL` in `chart`"),
];

/// Annotations and labels with which Flux leaves a Kustomization alone, just like `suspend` (fluxcd/kustomize-controller,
/// internal/controller/kustomization_controller.go, `ApplyOptions`).
const SUSPENDING: [&str; 2] = ["kustomize.toolkit.fluxcd.io/reconcile", "kustomize.toolkit.fluxcd.io/ssa"];

const ONLY_WORKLOADS: &str = "remove it: only workloads can have it, in their own `flux.kustomization`";

/// Lists of a Kustomization that a user can extend.
const EXTENDED: [&str; 2] = ["dependsOn", "healthCheckExprs"];

impl Merged {
    /// The field of the fleet.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Merged::Kustomization => "kustomization",
            Merged::HelmRelease => "helmRelease",
            Merged::Source => "source",
        }
    }

    fn owned(self) -> (&'static Owned, &'static str) {
        match self {
            Merged::Kustomization => (KUSTOMIZATION, "the Kustomizations"),
            Merged::HelmRelease => (HELM_RELEASE, "the HelmRelease"),
            Merged::Source => (SOURCE, "the chart's source"),
        }
    }

    /// Returns what to do about a field that would change what reaches a cluster.
    fn forbidden(self, place: Place, key: &str) -> Option<&'static str> {
        match self {
            Merged::Kustomization | Merged::HelmRelease if key == "kubeConfig" => {
                Some("remove it: the Flux of each cluster applies that cluster's objects")
            }
            Merged::Kustomization if place != Place::Workload && CHANGED.contains(&key) => {
                Some("remove it: only workloads with `path` can have it, in their own `flux.kustomization`")
            }
            Merged::Kustomization if place == Place::Delivery && matches!(key, "prune" | "suspend") => {
                Some(ONLY_WORKLOADS)
            }
            Merged::Kustomization | Merged::HelmRelease | Merged::Source => None,
        }
    }

    /// Checks that the user's fields leave those of hallpass alone. `at` points to the fields.
    pub(crate) fn check(self, place: Place, at: &str, fields: &Value, faults: &mut Diagnostics) {
        if self == Merged::Kustomization && place == Place::Delivery {
            suspending(at, fields, faults);
        }
        let Some(spec) = fields.get("spec").and_then(Value::as_object) else { return };
        let (owned, whose) = self.owned();
        for (key, value) in spec {
            let pointer = format!("{at}/spec/{key}");
            if let Some((_, help)) = owned.iter().find(|(owned, _)| owned == key) {
                let message = format!("hallpass sets `spec.{key}` of {whose} itself");
                faults.error(Diagnostic::new(pointer, message).in_key().help(*help));
            } else if let Some(help) = self.forbidden(place, key) {
                let message = format!("`spec.{key}` of {whose} would change what hallpass delivers");
                faults.error(Diagnostic::new(pointer, message).in_key().help(help));
            } else if self == Merged::Kustomization && EXTENDED.contains(&key.as_str()) && !value.is_array() {
                let message = format!("`spec.{key}` of {whose} must be a list");
                faults.error(
                    Diagnostic::new(pointer, message).help("list the entries to add to those of hallpass"),
                );
            }
        }
    }
}

fn suspending(at: &str, fields: &Value, faults: &mut Diagnostics) {
    for list in ["annotations", "labels"] {
        let written = fields.get("metadata").and_then(|metadata| metadata.get(list));
        for key in SUSPENDING.iter().filter(|key| written.is_some_and(|written| written.get(**key).is_some()))
        {
            let mut pointer = format!("{at}/metadata/{list}");
            push_key(&mut pointer, key);
            let message = format!("`{key}` of the Kustomizations would change what hallpass delivers");
            faults.error(Diagnostic::new(pointer, message).in_key().help(ONLY_WORKLOADS));
        }
    }
}

/// Merges maps, extends lists, replaces everything else. Null removes a field.
pub(crate) fn merge(object: &mut Value, fields: &Value) {
    match (object, fields) {
        (Value::Object(object), Value::Object(fields)) => {
            for (key, value) in fields {
                if value.is_null() {
                    object.remove(key);
                } else {
                    merge(object.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            let new: Vec<_> = more.iter().filter(|item| !items.contains(item)).cloned().collect();
            items.extend(new);
        }
        (object, fields) => *object = fields.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge;

    #[test]
    fn maps_merge_lists_grow_and_null_removes() {
        let mut object =
            json!({ "a": { "b": 1, "c": 2 }, "list": [{ "name": "x" }], "gone": 1, "text": "x" });
        merge(
            &mut object,
            &json!({
                "a": { "c": 3, "d": { "e": 4 } },
                "list": [{ "name": "x" }, { "name": "y" }],
                "gone": null,
                "never": null,
                "text": ["y"],
            }),
        );
        let expected = json!({
            "a": { "b": 1, "c": 3, "d": { "e": 4 } },
            "list": [{ "name": "x" }, { "name": "y" }],
            "text": ["y"],
        });
        assert_eq!(object, expected);
    }
}
