//! The folders of a tree: one per cluster, and those for Argo CD's Applications.

use std::collections::BTreeSet;

use super::{By, Fleet};

/// A folder of the tree that gets a `kustomization.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output<'f> {
    /// The folder, relative to the root of the tree.
    pub path: &'f str,
    /// The owner of the folder, as the subject of a sentence.
    pub whose: String,
    /// The JSON pointer to the path in the fleet.
    pub pointer: String,
}

pub(super) fn outputs(fleet: &Fleet) -> Vec<Output<'_>> {
    let spec = &fleet.spec;
    let clusters = spec.clusters.iter().enumerate().map(|(index, cluster)| Output {
        path: &cluster.path,
        whose: format!("cluster `{}`", cluster.name),
        pointer: format!("/spec/clusters/{index}/path"),
    });
    let mut outputs: Vec<Output<'_>> = clusters.collect();
    let mut shared = BTreeSet::new();
    for (index, delivery) in spec.delivery.iter().enumerate() {
        // All Applications may share a folder, because their names differ.
        if let By::Argo(argo) = &delivery.by
            && shared.insert(&argo.applications_path)
        {
            outputs.push(Output {
                path: &argo.applications_path,
                whose: "Argo CD's Applications".to_owned(),
                pointer: format!("/spec/delivery/{index}/argo/applicationsPath"),
            });
        }
    }
    outputs
}
