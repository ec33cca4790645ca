//! Workloads that teams already install through their own object.

use serde::Deserialize;

use super::By;

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Existing {
    pub(crate) kind: ExistingKind,
    pub(crate) name: String,
    pub(crate) namespace: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum ExistingKind {
    Kustomization,
    HelmRelease,
    Application,
}

impl ExistingKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ExistingKind::Kustomization => "Kustomization",
            ExistingKind::HelmRelease => "HelmRelease",
            ExistingKind::Application => "Application",
        }
    }

    /// Whether the tool has objects of this kind.
    pub(crate) fn is_of(self, by: &By) -> bool {
        let of_argo = self == ExistingKind::Application;
        match by {
            By::Flux(_) => !of_argo,
            By::Argo(_) => of_argo,
            By::Plain {} => true,
        }
    }
}
