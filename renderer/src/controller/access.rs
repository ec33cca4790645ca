//! The service account, and what it may do.

use serde_json::{Value, json};

use super::{Controller, NAME, labels};
use crate::object::{Object, set};

pub(super) fn objects(controller: &Controller) -> [Object; 5] {
    [
        service_account(controller),
        cluster_role(controller),
        binding(controller, "ClusterRole", json!({ "name": NAME, "labels": labels() })),
        role(controller),
        binding(controller, "Role", controller.metadata()),
    ]
}

fn service_account(controller: &Controller) -> Object {
    let mut metadata = controller.metadata();
    let annotations = &controller.service_account_annotations;
    set(&mut metadata, "annotations", (!annotations.is_empty()).then(|| json!(annotations)));
    json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata })
}

fn cluster_role(controller: &Controller) -> Object {
    let rule = |group: &str, resource: &str, verbs: &[&str]| json!({ "apiGroups": [group], "resources": [resource], "verbs": verbs });
    let mut rules = vec![
        rule("auto.gke.io", "allowlistsynchronizers", &["get", "list", "watch"]),
        rule("auto.gke.io", "allowlistsynchronizers/status", &["patch", "update"]),
        rule("auto.gke.io", "workloadallowlists", &["get", "list", "watch", "create", "update", "delete"]),
        // Events of objects without a namespace are in `default`.
        rule("events.k8s.io", "events", &["create", "patch"]),
    ];
    if controller.enforce.is_some() {
        let verbs = ["get", "list", "watch", "create", "update", "delete"];
        for resource in ["validatingadmissionpolicies", "validatingadmissionpolicybindings"] {
            rules.push(rule("admissionregistration.k8s.io", resource, &verbs));
        }
    }
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": { "name": NAME, "labels": labels() },
        "rules": rules,
    })
}

/// The Lease of the leader. RBAC cannot restrict the creation of an object by its name.
fn role(controller: &Controller) -> Object {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": controller.metadata(),
        "rules": [
            { "apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["create"] },
            {
                "apiGroups": ["coordination.k8s.io"],
                "resources": ["leases"],
                "resourceNames": [NAME],
                "verbs": ["get", "patch", "update"],
            },
        ],
    })
}

fn binding(controller: &Controller, role: &str, metadata: Value) -> Object {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": format!("{role}Binding"),
        "metadata": metadata,
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": role, "name": NAME },
        "subjects": [{ "kind": "ServiceAccount", "name": NAME, "namespace": controller.namespace }],
    })
}
