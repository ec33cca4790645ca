//! Clusters on which Kubewarden asks hallpass's policy, and how it is set there.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Selector;

/// What judges on a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Admission {
    /// GKE itself, and ValidatingAdmissionPolicies over synchronizers.
    #[default]
    Gke,
    /// hallpass's own policy, over workloads, allowlists and synchronizers.
    Kubewarden,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kubewarden {
    pub(crate) clusters: Selector,
    /// Where the policy server finds the module.
    pub(crate) module: String,
    /// The PolicyServer that runs the policy; Kubewarden's default without one.
    pub(crate) policy_server: Option<String>,
    /// The namespace of the policy server.
    #[serde(default = "kubewarden")]
    pub(crate) namespace: String,
    /// Further namespaces that are not judged.
    #[serde(default)]
    pub(crate) exclude_namespaces: Vec<String>,
    /// Whether verdicts are logged only.
    #[serde(default)]
    pub(crate) monitor: bool,
    /// As docs/kubewarden.md has them.
    #[serde(default)]
    pub(crate) settings: Map<String, Json>,
}

fn kubewarden() -> String {
    "kubewarden".to_owned()
}
