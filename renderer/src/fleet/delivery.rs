//! How manifests are delivered to a cluster.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Selector, ToolVersion};
use crate::flux::Merged;

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

/// Returns the folder of the repository that contains the tree, with a slash at the end, or nothing for the root.
fn prefix(tree_path: Option<&str>) -> String {
    tree_path.filter(|path| *path != ROOT).map(|path| format!("{path}/")).unwrap_or_default()
}

/// The `treePath` of a tree at the root of its repository.
pub(crate) const ROOT: &str = ".";

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
    #[serde(default = "twenty_minutes")]
    pub(crate) timeout: String,
    /// The oldest version that runs.
    #[serde(default = "Flux::oldest")]
    pub(crate) version: ToolVersion,
    /// Fields for all Flux objects.
    #[serde(flatten)]
    pub(crate) merge: Merge,
}

impl Flux {
    /// The first version with `OCIRepository` in `source.toolkit.fluxcd.io/v1` (fluxcd/flux2, tag v2.6.0,
    /// cmd/flux/create_source_oci.go); `healthCheckExprs` is older (kustomize-controller 1.5.0).
    pub(crate) const OLDEST: ToolVersion = ToolVersion::new(2, 6);

    /// The folder of the source that contains the tree, with a slash at the end.
    pub(crate) fn tree(&self) -> String {
        prefix(self.tree_path.as_deref())
    }

    fn oldest() -> ToolVersion {
        Self::OLDEST
    }
}

/// Fields that are merged into Flux's objects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Merge {
    pub(crate) kustomization: Option<Value>,
    pub(crate) helm_release: Option<Value>,
    /// For the HelmRepository or OCIRepository of a chart.
    pub(crate) source: Option<Value>,
}

impl Merge {
    pub(crate) fn fields(&self) -> impl Iterator<Item = (Merged, &Value)> {
        let fields = [
            (Merged::Kustomization, &self.kustomization),
            (Merged::HelmRelease, &self.helm_release),
            (Merged::Source, &self.source),
        ];
        fields.into_iter().filter_map(|(kind, fields)| Some((kind, fields.as_ref()?)))
    }
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
    /// The oldest version that runs.
    #[serde(default = "Argo::oldest")]
    pub(crate) version: ToolVersion,
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
    #[serde(default)]
    pub(crate) annotations: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) sync_options: Vec<String>,
    #[serde(default)]
    pub(crate) ignore_differences: Vec<Value>,
}

impl Argo {
    /// The first version with `helm.namespace` in a source (argoproj/argo-cd, tag v2.13.0, types.go).
    pub(crate) const OLDEST: ToolVersion = ToolVersion::new(2, 13);
    /// The first version with `retry.refresh` (argoproj/argo-cd#23038, tag v3.2.0).
    const REFRESHES: ToolVersion = ToolVersion::new(3, 2);

    /// The folder of the repository that contains the tree, with a slash at the end.
    pub(crate) fn tree(&self) -> String {
        prefix(self.tree_path.as_deref())
    }

    /// Whether a retry can use a newer commit than the failed sync.
    pub(crate) fn refreshes(&self) -> bool {
        self.version >= Self::REFRESHES
    }

    fn oldest() -> ToolVersion {
        Self::OLDEST
    }
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

/// Longer than the ten minutes after which GKE looks for allowlists again.
fn twenty_minutes() -> String {
    "20m".to_owned()
}

fn default() -> String {
    "default".to_owned()
}

fn argocd() -> String {
    "argocd".to_owned()
}
