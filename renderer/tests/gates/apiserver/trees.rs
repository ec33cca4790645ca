//! The contents of the recorded trees for each cluster, found like the delivery tools do.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use serde_json::Value as Json;

use hallpass_apiserver::Server;

/// Returns every cluster with the objects of its tree for its API server.
pub(crate) fn clusters(server: &Server) -> Vec<(String, Vec<Json>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let trees = root.join("tests/fleet/trees");
    let mut clusters = Vec::new();
    for tree in entries(&trees).into_iter().filter(|path| path.is_dir()) {
        let fleet = match tree.file_name().unwrap().to_str().unwrap() {
            "example" => root.join("../examples/fleet.yaml"),
            _ => tree.with_extension("yaml"),
        };
        // The folder `allowlists` is the input of a fleet.
        if !fleet.exists() {
            continue;
        }
        for folders in starts(&fleet, &tree) {
            let objects = folders.iter().flat_map(|folder| delivered(server, &tree, folder)).collect();
            clusters.push((format!("{folders:?}"), objects));
        }
    }
    clusters
}

/// Returns the folders of each cluster: those of its Application, or else its own.
fn starts(fleet: &Path, tree: &Path) -> Vec<Vec<PathBuf>> {
    let read = |file: &Path| documents(&fs::read_to_string(file).unwrap());
    let objects = files(tree).into_iter().flat_map(|file| read(&file));
    let applications = objects.filter(|object| object["kind"] == "Application");
    let mut starts: Vec<_> = applications.map(|application| sources(tree, &application)).collect();
    let fleet = read(fleet).remove(0);
    for cluster in fleet["spec"]["clusters"].as_array().unwrap() {
        let default = || format!("clusters/{}", cluster["name"].as_str().unwrap());
        let folder = tree.join(cluster["path"].as_str().map_or_else(default, str::to_owned));
        if !starts.iter().any(|folders| folders.contains(&folder)) {
            starts.push(vec![folder]);
        }
    }
    starts
}

/// Returns the folders in the tree that an Application names.
fn sources(tree: &Path, application: &Json) -> Vec<PathBuf> {
    let sources = application["spec"]["sources"].as_array().unwrap();
    sources.iter().filter_map(|source| in_tree(tree, source["path"].as_str()?)).collect()
}

/// Converts a path in the repository, which contains the tree in a folder next to others.
fn in_tree(tree: &Path, path: &str) -> Option<PathBuf> {
    let steps: Vec<_> = path.split('/').filter(|step| *step != ".").collect();
    let below = |skipped: usize| tree.join(steps.iter().skip(skipped).collect::<PathBuf>());
    (0..steps.len()).map(below).find(|folder| folder.is_dir())
}

fn delivered(server: &Server, tree: &Path, folder: &Path) -> Vec<Json> {
    let text = if folder.join("kustomization.yaml").exists() {
        server.kubectl(&["kustomize", folder.to_str().unwrap()], "").unwrap()
    } else {
        // Then Flux applies every file.
        files(folder).iter().map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>().join("---\n")
    };
    let mut found = Vec::new();
    for object in documents(&text) {
        match object["kind"].as_str().unwrap() {
            "AllowlistSynchronizer"
            | "ClusterRole"
            | "ClusterRoleBinding"
            | "CustomResourceDefinition"
            | "Deployment"
            | "Namespace"
            | "NetworkPolicy"
            | "PodDisruptionBudget"
            | "Role"
            | "RoleBinding"
            | "ServiceAccount"
            | "ValidatingAdmissionPolicy"
            | "ValidatingAdmissionPolicyBinding" => found.push(object),
            // Objects for Flux.
            "Kustomization" => {
                let next = in_tree(tree, object["spec"]["path"].as_str().unwrap());
                found.extend(next.iter().flat_map(|folder| delivered(server, tree, folder)));
            }
            // Objects for Kubewarden and Flux's other controllers, none of which runs here.
            "ClusterAdmissionPolicy" | "HelmRelease" | "HelmRepository" | "OCIRepository" => {}
            kind => panic!("{}: no cluster here has a use for a {kind}", folder.display()),
        }
    }
    found
}

fn documents(text: &str) -> Vec<Json> {
    let documents =
        serde_yaml::Deserializer::from_str(text).map(|document| Json::deserialize(document).unwrap());
    documents.filter(|document| !document.is_null()).collect()
}

/// Collects all files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries(folder).into_iter().flat_map(below).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
