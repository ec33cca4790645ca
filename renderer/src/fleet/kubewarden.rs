//! Clusters on which Kubewarden runs the policy of hallpass, and its settings.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Selector;

/// Who evaluates workloads on a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Admission {
    /// GKE itself, with ValidatingAdmissionPolicies for synchronizers.
    #[default]
    Gke,
    /// The policy of hallpass, for workloads, allowlists and synchronizers.
    Kubewarden,
    /// ValidatingAdmissionPolicies, for workloads and synchronizers.
    Cel,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kubewarden {
    pub(crate) clusters: Selector,
    /// The URL from which the policy server fetches the module.
    pub(crate) module: String,
    /// The PolicyServer that runs the policy; by default, Kubewarden's default server.
    pub(crate) policy_server: Option<String>,
    /// The namespace of the policy server.
    #[serde(default = "kubewarden")]
    pub(crate) namespace: String,
    /// Additional namespaces to exclude.
    #[serde(default)]
    pub(crate) exclude_namespaces: Vec<String>,
    /// Whether verdicts are only logged.
    #[serde(default)]
    pub(crate) monitor: bool,
    /// The settings; see docs/kubewarden.md.
    #[serde(default)]
    pub(crate) settings: Map<String, Json>,
}

fn kubewarden() -> String {
    "kubewarden".to_owned()
}
