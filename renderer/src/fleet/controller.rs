//! Clusters outside GKE on which hallpass-controller installs allowlists.

use serde::Deserialize;

use super::Selector;
use crate::controller::Controller;

/// Who installs the allowlists that synchronizers name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Installer {
    /// GKE itself.
    #[default]
    Gke,
    /// hallpass-controller.
    Hallpass,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Controllers {
    pub(crate) clusters: Selector,
    /// Without `gkeVersion`, which is a field of the cluster.
    #[serde(flatten)]
    pub(crate) settings: Controller,
}
