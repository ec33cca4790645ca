//! The Deployment, which passes the restricted level of Pod Security, and so needs no allowlist.

use serde_json::{Value, json};

use super::{Controller, Enforcement, NAME, PORT, labels, selector};
use crate::object::{Object, set};

/// The user of the image.
const NOBODY: u32 = 65532;

pub(super) fn deployment(controller: &Controller) -> Object {
    let probe = |path: &str| json!({ "httpGet": { "path": path, "port": "http" } });
    let mut container = json!({
        "name": "controller",
        "image": controller.image,
        "args": arguments(controller),
        "ports": [{ "name": "http", "containerPort": PORT, "protocol": "TCP" }],
        "livenessProbe": probe("/healthz"),
        "readinessProbe": probe("/readyz"),
        "resources": {
            // Idle, it needs little; to compile the patterns of a large allowlist, some hundred megabytes for a moment.
            "requests": { "cpu": "50m", "memory": "64Mi" },
            "limits": { "memory": "512Mi" },
        },
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "capabilities": { "drop": ["ALL"] },
            "readOnlyRootFilesystem": true,
        },
    });
    let secret = controller.env_from_secret.as_ref();
    set(&mut container, "envFrom", secret.map(|name| json!([{ "secretRef": { "name": name } }])));
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": controller.metadata(),
        "spec": {
            "replicas": controller.replicas,
            "selector": selector(),
            "template": {
                "metadata": { "labels": labels() },
                "spec": {
                    "serviceAccountName": NAME,
                    "securityContext": {
                        "runAsNonRoot": true,
                        "runAsUser": NOBODY,
                        "runAsGroup": NOBODY,
                        "seccompProfile": { "type": "RuntimeDefault" },
                    },
                    "containers": [container],
                    "topologySpreadConstraints": [{
                        "maxSkew": 1,
                        "topologyKey": "kubernetes.io/hostname",
                        "whenUnsatisfiable": "ScheduleAnyway",
                        "labelSelector": selector(),
                    }],
                },
            },
        },
    })
}

fn arguments(controller: &Controller) -> Value {
    let mut arguments = vec!["run".to_owned(), format!("--repository={}", controller.repository)];
    arguments.extend(controller.buckets.iter().map(|(name, url)| format!("--bucket={name}={url}")));
    arguments.push(format!("--authorized-paths={}", controller.authorized_paths));
    arguments.extend(controller.gke_version.iter().map(|version| format!("--gke-version={version}")));
    arguments.extend(controller.enforce.iter().flat_map(Enforcement::arguments));
    arguments.extend([
        format!("--interval={}", controller.interval),
        format!("--listen=0.0.0.0:{PORT}"),
        "--leader-elect".to_owned(),
        "--log-format=json".to_owned(),
    ]);
    arguments.into()
}

/// Keeps one Pod while nodes are drained. A single Pod gets none, because its node could never be drained.
pub(super) fn disruption_budget(controller: &Controller) -> Option<Object> {
    (controller.replicas > 1).then(|| {
        json!({
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": controller.metadata(),
            "spec": { "minAvailable": 1, "selector": selector() },
        })
    })
}
