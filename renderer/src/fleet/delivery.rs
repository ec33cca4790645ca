//! How manifests are delivered to a cluster.

use serde::Deserialize;

use super::Selector;

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) clusters: Selector,
    #[serde(flatten)]
    pub(crate) by: By,
}

/// The tool that delivers the manifests to a cluster.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum By {
    Flux(Flux),
    Argo(Argo),
    Plain {},
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Flux {
    pub(crate) source_ref: SourceRef,
    #[serde(default = "flux_system")]
    pub(crate) namespace: String,
    pub(crate) tree_path: Option<String>,
    #[serde(default = "ten_minutes")]
    pub(crate) interval: String,
    #[serde(default = "two_minutes")]
    pub(crate) retry_interval: String,
    #[serde(default = "fifteen_minutes")]
    pub(crate) timeout: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SourceRef {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Argo {
    #[serde(rename = "repoURL")]
    pub(crate) repo_url: String,
    pub(crate) target_revision: String,
    pub(crate) tree_path: Option<String>,
    #[serde(default = "default")]
    pub(crate) project: String,
    #[serde(default = "argocd")]
    pub(crate) namespace: String,
    #[serde(default = "argocd")]
    pub(crate) applications_path: String,
}

fn flux_system() -> String {
    "flux-system".to_owned()
}

fn ten_minutes() -> String {
    "10m".to_owned()
}

fn two_minutes() -> String {
    "2m".to_owned()
}

fn fifteen_minutes() -> String {
    "15m".to_owned()
}

fn default() -> String {
    "default".to_owned()
}

fn argocd() -> String {
    "argocd".to_owned()
}
