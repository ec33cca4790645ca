//! Trees that stress readers: with any shape, and mostly keys and strings that rules look for; and with the right
//! shape, but unusual strings.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

const KEYS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "generateName",
    "namespace",
    "labels",
    "annotations",
    "spec",
    "template",
    "jobTemplate",
    "items",
    "request",
    "object",
    "operation",
    "uid",
    "group",
    "containers",
    "initContainers",
    "ephemeralContainers",
    "volumes",
    "hostPID",
    "hostUsers",
    "os",
    "volumeClaimTemplates",
    "completionMode",
    "securityContext",
    "appArmorProfile",
    "type",
    "localhostProfile",
    "sysctls",
    "windowsOptions",
    "hostProcess",
    "nodeSelector",
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
    "preference",
    "nodeSelectorTerms",
    "matchExpressions",
    "key",
    "operator",
    "values",
    "tolerations",
    "value",
    "effect",
    "runtimeClassName",
    "image",
    "command",
    "args",
    "env",
    "envFrom",
    "configMapRef",
    "lifecycle",
    "preStop",
    "livenessProbe",
    "exec",
    "ports",
    "hostPort",
    "containerPort",
    "capabilities",
    "add",
    "drop",
    "privileged",
    "procMount",
    "volumeMounts",
    "mountPath",
    "readOnly",
    "subPath",
    "subPathExpr",
    "mountPropagation",
    "volumeDevices",
    "devicePath",
    "hostPath",
    "path",
    "nfs",
    "gcePersistentDisk",
    "partition",
    "configMap",
    "defaultMode",
    "projected",
    "sources",
    "exemptions",
    "matchingCriteria",
    "minGKEVersion",
    "containerImageDigests",
    "containerName",
    "imageDigests",
    "constraints",
    "cloud.google.com/compute-class",
    "cloud.google.com/machine-family",
    "autopilot.gke.io/host-port-assignment",
    "hostPid",
    "imageDigest",
    "",
    "cloud.google.com/matching-allowlist",
    "container.apparmor.security.beta.kubernetes.io/c",
    "autopilot.gke.io/no-connect",
];

const TEXTS: &[&str] = &[
    "v1",
    "apps/v1",
    "auto.gke.io/v1",
    "admission.k8s.io/v1",
    "Pod",
    "DaemonSet",
    "PodList",
    "StatefulSet",
    "Indexed",
    "windows",
    "List",
    "AdmissionReview",
    "WorkloadAllowlist",
    "c",
    "data",
    "",
    "^",
    "^$",
    "^(a|b)+$",
    "^[$",
    "/",
    "/var/log",
    "/var/log//../x",
    "kube-api-access-x",
    "a:b@sha256:c",
    "@",
    ":",
    "Localhost",
    "unconfined",
    "Unmasked",
    "1.32.0-gke.1",
    "1..",
    "NET_ADMIN",
    "In",
    "Exists",
    "NoSchedule",
    "gvisor",
    "Balanced",
    "net.ipv4.tcp_rmem",
    "{\"min\": 1, \"max\": 2}",
    "autogke-no-host-port",
    "é\u{0}\u{1F980}",
];

fn leaf() -> impl Strategy<Value = Json> {
    prop_oneof![
        1 => Just(Json::Null),
        2 => any::<bool>().prop_map(Json::from),
        2 => any::<i64>().prop_map(Json::from),
        1 => any::<u64>().prop_map(Json::from),
        1 => any::<f64>().prop_map(Json::from),
        6 => select(TEXTS).prop_map(Json::from),
        1 => any::<String>().prop_map(Json::from),
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![12 => select(KEYS).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Returns a tree of any shape.
pub fn tree() -> impl Strategy<Value = Json> {
    leaf().prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            2 => prop::collection::vec((key(), inner), 0..6)
                .prop_map(|fields| Json::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Returns a Pod and an allowlist with every field that a rule reads, and unusual strings.
pub fn odd_pair() -> impl Strategy<Value = (Json, Json)> {
    let text = prop_oneof![3 => select(TEXTS).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(text, 40).prop_map(|texts| {
        let mut texts = texts.iter().cycle().cloned();
        (filled(&pod(), &mut texts), filled(&allowlist(), &mut texts))
    })
}

/// A placeholder for any string.
const ANY: &str = "?";

fn filled(json: &Json, texts: &mut impl Iterator<Item = String>) -> Json {
    match json {
        Json::String(text) if text == ANY => texts.next().into(),
        Json::Array(items) => items.iter().map(|item| filled(item, texts)).collect(),
        Json::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), filled(value, texts))).collect()
        }
        other => other.clone(),
    }
}

fn pod() -> Json {
    let term = json!({"matchExpressions": [
        {"key": ANY},
        {"key": "c", "operator": "In", "values": [ANY]},
        {"key": "cloud.google.com/compute-class", "operator": "In", "values": [ANY]},
    ]});
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": ANY,
            "namespace": ANY,
            "labels": {"cloud.google.com/matching-allowlist": ANY},
            "annotations": {"container.apparmor.security.beta.kubernetes.io/c": "localhost/x", "?": ANY},
        },
        "spec": {
            "hostPID": true,
            "hostNetwork": true,
            "nodeSelector": {"x/~": ANY, "c": ANY, "cloud.google.com/machine-family": ANY},
            "tolerations": [
                {"key": "c", "operator": ANY, "value": ANY, "effect": ANY},
                {"key": "c", "operator": "Exists", "effect": "NoSchedule"},
            ],
            "runtimeClassName": ANY,
            "affinity": {"nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]},
                "preferredDuringSchedulingIgnoredDuringExecution": [{"preference": term}],
            }},
            "securityContext": {"sysctls": [{"name": ANY}], "windowsOptions": {"hostProcess": true}},
            "containers": [container("c")],
            "initContainers": [container("i")],
            "ephemeralContainers": [container("e")],
            "volumes": [
                {"name": "kube-api-access-x", "projected": {"defaultMode": 420}},
                {"name": "kube-api-access-y", "projected": {"sources": [{"downwardAPI": {"items": []}}]}},
                {"name": "kube-api-access-z", "projected": {"sources": [{"serviceAccountToken": {}}, {}]}},
                {"name": "data", "hostPath": {"path": ANY}},
                {"name": "nfs", "nfs": {"path": ANY}},
                {"name": "disk", "gcePersistentDisk": {"fsType": ANY, "partition": -1}},
                {"name": "config", "configMap": {"defaultMode": -1}},
                {"name": "none"},
            ],
        },
    })
}

fn allowlist() -> Json {
    json!({
        "apiVersion": "auto.gke.io/v1",
        "kind": "WorkloadAllowlist",
        "metadata": {"name": "acme-agent", "annotations": {"autopilot.gke.io/no-connect": ANY}},
        "exemptions": [ANY, "autogke-disallow-hostnamespaces"],
        "matchingCriteria": {
            "hostPID": true,
            "containers": [container("c"), container("c")],
            "initContainers": [container("i")],
            "volumes": [
                {"name": "data", "hostPath": {"path": ANY}},
                {"name": "data", "hostPath": {}},
                {"name": "config", "configMap": {"name": ANY, "defaultMode": 0}},
                {"name": ANY, "nfs": {"path": ANY}},
            ],
        },
        "containerImageDigests": [{"containerName": ANY, "imageDigests": []}],
    })
}

fn container(name: &str) -> Json {
    let exec = json!({"exec": {"command": [ANY]}});
    json!({
        "name": name,
        "image": ANY,
        "command": [ANY, ANY],
        "args": [ANY, ANY],
        "env": [{"name": ANY}],
        "envFrom": [{"configMapRef": {"name": ANY}, "secretRef": {"name": ANY}}],
        "lifecycle": {"postStart": exec, "preStop": exec},
        "livenessProbe": exec,
        "ports": [{"containerPort": -1, "hostPort": 0}, {}],
        "securityContext": {"privileged": true, "capabilities": {"add": [ANY], "drop": [ANY]}, "procMount": ANY},
        "volumeMounts": [{"name": "data", "mountPath": ANY, "subPath": ANY}, {"name": "kube-api-access-x"}],
        "volumeDevices": [{"name": "data", "devicePath": ANY}],
    })
}
