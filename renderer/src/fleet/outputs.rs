//! The folders of a tree: one per cluster, and those for Argo CD's Applications; and the tree's own path.

use std::collections::BTreeSet;

use super::{By, Fleet, words};

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
        pointer: format!("/spec/clusters/{index}/{}", if cluster.has_default_path { "name" } else { "path" }),
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

/// The path of the tree in the Git repository that a delivery reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreePath<'f> {
    /// `treePath` in the fleet.
    pub path: Option<&'f str>,
    /// The clusters of the delivery.
    pub clusters: String,
    /// The JSON pointer to `treePath`.
    pub pointer: String,
}

/// Leaves out Flux sources that are not Git repositories: they may contain the tree at any path.
pub(super) fn tree_paths(fleet: &Fleet) -> Vec<TreePath<'_>> {
    let spec = &fleet.spec;
    let mut found = Vec::new();
    for (index, delivery) in spec.delivery.iter().enumerate() {
        let (tool, path) = match &delivery.by {
            By::Flux(flux) if flux.source_ref.kind == "GitRepository" => ("flux", &flux.tree_path),
            By::Argo(argo) => ("argo", &argo.tree_path),
            By::Flux(_) | By::Plain {} => continue,
        };
        let selected = spec.clusters.iter().filter(|cluster| delivery.clusters.selects(cluster));
        let Some(clusters) = words::clusters(selected.map(|cluster| cluster.name.as_str())) else { continue };
        let pointer = format!("/spec/delivery/{index}/{tool}/treePath");
        found.push(TreePath { path: path.as_deref(), clusters, pointer });
    }
    found
}
