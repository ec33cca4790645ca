//! Kubewarden: the ClusterAdmissionPolicy that runs the policy of hallpass on a cluster.
//!
//! It requests only what its settings need: requests, objects of the cluster, and permission to change Pods.

mod synchronizers;

pub use synchronizers::{allow_only, forbid};

use serde_json::{Map, Value, json};

use crate::admission::Operations;
use crate::fleet::{Cluster, Kubewarden, Policy, Rule};
use crate::object::{Object, set};

/// The folder of a cluster that contains only the policy.
pub(crate) const FOLDER: &str = "kubewarden";

/// The file in that folder.
pub(crate) const FILE: &str = "policy.yaml";

/// Returns the policy of a cluster. The fleet's policy for synchronizers on the cluster becomes part of its settings.
pub(crate) fn object(cluster: &Cluster, kubewarden: &Kubewarden, policy: Option<&Policy>) -> Object {
    let settings = settings(cluster, kubewarden, policy);
    let needs = Needs::of(&settings, policy);
    let mut excluded = vec!["kube-system", kubewarden.namespace.as_str()];
    excluded.extend(kubewarden.exclude_namespaces.iter().map(String::as_str));
    excluded.sort_unstable();
    excluded.dedup();
    let mut spec = json!({
        "contextAwareResources": needs.resources(),
        "mode": if kubewarden.monitor { "monitor" } else { "protect" },
        "module": kubewarden.module,
        // The policy only ever adds an annotation.
        "mutating": needs.no_connect,
        // A policy server that must approve its own Pods could not restart.
        "namespaceSelector": {
            "matchExpressions": [
                { "key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": excluded },
            ],
        },
        "rules": needs.rules(),
        "settings": settings,
    });
    set(&mut spec, "policyServer", kubewarden.policy_server.as_deref());
    json!({
        "apiVersion": "policies.kubewarden.io/v1",
        "kind": "ClusterAdmissionPolicy",
        "metadata": { "name": "hallpass" },
        "spec": spec,
    })
}

fn settings(cluster: &Cluster, kubewarden: &Kubewarden, policy: Option<&Policy>) -> Map<String, Value> {
    let mut settings = kubewarden.settings.clone();
    let constraints = settings.get_mut("profile").and_then(|profile| profile.get_mut("constraints"));
    // A patch would remove a null, and with it the constraint.
    let nulls = constraints.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    nulls.filter(|settings| settings.is_null()).for_each(|settings| *settings = json!({}));
    if let Some(version) = &cluster.gke_version {
        settings.insert("gkeVersion".to_owned(), version.as_str().into());
    }
    if let Some(policy) = policy {
        settings.insert("synchronizers".to_owned(), synchronizers(policy));
    }
    settings
}

fn synchronizers(policy: &Policy) -> Value {
    match &policy.rule {
        Rule::Forbid(rule) => forbid(rule.operations, &policy.exempt),
        Rule::Allow(paths) => allow_only(paths, &policy.exempt),
    }
}

/// What the policy does in addition to evaluating workloads, according to its settings.
struct Needs {
    /// It reads the allowlists in the cluster.
    allowlists: bool,
    /// It restricts who may write allowlists.
    writes: bool,
    /// It annotates Pods, and reads the annotation on connections.
    no_connect: bool,
    /// The operations on synchronizers that it evaluates, if any.
    synchronizers: Option<&'static [&'static str]>,
}

const WRITES: &[&str] = &["CREATE", "UPDATE"];

impl Needs {
    fn of(settings: &Map<String, Value>, policy: Option<&Policy>) -> Self {
        let allowlists = settings.get("allowlistsFrom").is_some_and(|from| from == "cluster");
        let documented = |policy: &Policy| matches!(&policy.rule, Rule::Forbid(forbid) if forbid.operations == Operations::Documented);
        Needs {
            allowlists,
            writes: allowlists || settings.contains_key("workloadAllowlists"),
            no_connect: settings.get("noConnect").is_some_and(|flag| flag == true),
            synchronizers: policy.map(|policy| {
                if documented(policy) { ["CREATE", "UPDATE", "DELETE"].as_slice() } else { WRITES }
            }),
        }
    }

    fn resources(&self) -> Vec<Value> {
        let allowlists =
            self.allowlists.then(|| json!({ "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist" }));
        let pods = self.no_connect.then(|| json!({ "apiVersion": "v1", "kind": "Pod" }));
        allowlists.into_iter().chain(pods).collect()
    }

    /// The kinds of rule W1 (docs/semantics.md), and the others that the policy evaluates.
    fn rules(&self) -> Vec<Value> {
        let rule = |group: &str, version: &str, resources: &[&str], operations: &[&str]| {
            json!({
                "apiGroups": [group],
                "apiVersions": [version],
                "operations": operations,
                "resources": resources,
            })
        };
        let core = ["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"];
        let apps = ["daemonsets", "deployments", "replicasets", "statefulsets"];
        let mut rules = vec![
            rule("", "v1", &core, WRITES),
            rule("apps", "v1", &apps, WRITES),
            rule("batch", "v1", &["cronjobs", "jobs"], WRITES),
        ];
        if self.no_connect {
            let connections = ["pods/attach", "pods/exec", "pods/portforward"];
            rules.push(rule("", "v1", &connections, &["CONNECT"]));
        }
        if self.writes {
            rules.push(rule("auto.gke.io", "*", &["workloadallowlists"], WRITES));
        }
        if let Some(operations) = self.synchronizers {
            rules.push(rule("auto.gke.io", "*", &["allowlistsynchronizers"], operations));
        }
        rules
    }
}
