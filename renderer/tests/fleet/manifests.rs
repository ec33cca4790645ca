//! Checks the rendered manifests of each tree against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use hallpass_renderer::File;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::support::{rendered, root};
use crate::trees::fleets;

/// Returns all files of all trees, with the name of the tree.
pub(crate) fn all() -> Vec<(String, Vec<File>)> {
    fleets().iter().map(|(source, _)| (source.display().to_string(), rendered(source))).collect()
}

pub(crate) fn objects(file: &File) -> Vec<Json> {
    serde_yaml::Deserializer::from_str(&file.contents)
        .map(|document| Json::deserialize(document).unwrap())
        .collect()
}

/// Collects the files that `kubectl apply -k` reads for a folder, including kustomizations.
fn applied<'f>(files: &'f [File], folder: &str, found: &mut BTreeMap<&'f str, &'f File>) {
    let file = format!("{folder}/kustomization.yaml");
    let Some(kustomization) = files.iter().find(|file_there| file_there.path == file) else {
        panic!("{file} was not rendered");
    };
    found.insert(&kustomization.path, kustomization);
    for resource in objects(kustomization)[0]["resources"].as_array().unwrap() {
        let path = joined(folder, resource.as_str().unwrap());
        match files.iter().find(|file| file.path == path) {
            // Kustomize reads other kustomizations, but no other files, outside its own folder.
            Some(file) => {
                assert!(path.starts_with(&format!("{folder}/")), "{path}");
                found.insert(&file.path, file);
            }
            None => applied(files, &path, found),
        }
    }
}

fn joined(folder: &str, path: &str) -> String {
    let mut steps: Vec<&str> = folder.split('/').collect();
    for step in path.split('/') {
        if step == ".." {
            steps.pop().unwrap();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}

/// The policy gets only what its settings need. With all settings, it gets what the module's metadata lists.
#[test]
fn a_policy_for_kubewarden_has_the_rules_that_its_settings_need() {
    let metadata = fs::read_to_string(root().join("kubewarden/metadata.json")).unwrap();
    let metadata: Json = serde_json::from_str(&metadata).unwrap();
    let every: BTreeSet<(String, String)> = pairs(&metadata);
    let mut seen = BTreeSet::new();
    for object in all().iter().flat_map(|(_, files)| files).flat_map(objects) {
        if object["kind"] != "ClusterAdmissionPolicy" {
            continue;
        }
        let spec = &object["spec"];
        let rules = pairs(spec);
        let settings = &spec["settings"];
        let judges = |resource: &str| rules.iter().any(|(known, _)| known == resource);
        assert!(judges("pods") && judges("pods/ephemeralcontainers") && judges("daemonsets"));
        assert_eq!(judges("pods/exec"), settings["noConnect"] == true);
        assert_eq!(spec["mutating"], settings["noConnect"] == true);
        assert_eq!(judges("allowlistsynchronizers"), !settings["synchronizers"].is_null());
        let removal = ("allowlistsynchronizers".to_owned(), "DELETE".to_owned());
        assert_eq!(rules.contains(&removal), settings["synchronizers"]["forbidden"] == "documented");
        assert_eq!(judges("workloadallowlists"), settings["allowlistsFrom"] == "cluster");
        let kinds: Vec<_> = spec["contextAwareResources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|resource| &resource["kind"])
            .collect();
        assert_eq!(kinds.contains(&&"WorkloadAllowlist".into()), settings["allowlistsFrom"] == "cluster");
        assert_eq!(kinds.contains(&&"Pod".into()), settings["noConnect"] == true);
        seen.extend(rules.into_iter().filter(|pair| *pair != removal));
    }
    assert_eq!(seen, every);
}

/// Pairs of resources and operations.
fn pairs(spec: &Json) -> BTreeSet<(String, String)> {
    let texts = |list: &Json| -> Vec<String> {
        list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let rules = spec["rules"].as_array().unwrap().iter();
    let pairs = rules.flat_map(|rule| {
        let operations = texts(&rule["operations"]);
        texts(&rule["resources"]).into_iter().flat_map(move |resource| {
            operations.clone().into_iter().map(move |operation| (resource.clone(), operation))
        })
    });
    pairs.collect()
}

/// Returns a folder of the repository as a folder of the tree.
fn in_tree(path: &str) -> &str {
    let path = path.strip_prefix("./").unwrap_or(path);
    ["hallpass/", "rendered/tree/"].iter().find_map(|root| path.strip_prefix(root)).unwrap_or(path)
}

#[test]
fn what_a_kustomization_names_is_there_and_all_that_is_there_is_applied() {
    for (tree, files) in all() {
        let mut found = BTreeMap::new();
        for file in &files {
            let (folder, name) = file.path.rsplit_once('/').unwrap();
            // Shared folders count if a cluster refers to them.
            if name == "kustomization.yaml" && !folder.starts_with("shared/") {
                applied(&files, folder, &mut found);
            }
        }
        for object in files.iter().flat_map(objects) {
            if object["apiVersion"] != "kustomize.toolkit.fluxcd.io/v1" {
                continue;
            }
            let folder = in_tree(object["spec"]["path"].as_str().unwrap());
            if folder.starts_with("shared/") {
                applied(&files, folder, &mut found);
            } else if !folder.starts_with("apps/") {
                // Flux generates a kustomization if the folder has none.
                let below = format!("{folder}/");
                let below: Vec<_> = files.iter().filter(|file| file.path.starts_with(&below)).collect();
                assert!(!below.is_empty(), "{folder} of {tree}");
                found.extend(below.into_iter().map(|file| (file.path.as_str(), file)));
            }
        }
        let left: Vec<_> =
            files.iter().map(|file| &file.path).filter(|path| !found.contains_key(path.as_str())).collect();
        // The patch is for the user's own Argo CD.
        assert!(left.iter().all(|path| path.ends_with("argocd-cm-patch.yaml")), "{tree}: {left:?}");
    }
}

#[test]
fn flux_waits_for_what_there_is() {
    let mut edges = 0;
    for (tree, files) in all() {
        let mut waits: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for file in &files {
            let cluster = file.path.clone();
            for object in
                objects(file).iter().filter(|object| object["apiVersion"] == "kustomize.toolkit.fluxcd.io/v1")
            {
                // A namespace marks an entry that a fleet adds.
                let after = object["spec"]["dependsOn"].as_array().into_iter().flatten();
                let after = after.filter(|one| one.get("namespace").is_none());
                let name = object["metadata"]["name"].as_str().unwrap().to_owned();
                let after = after.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
                assert!(
                    waits.insert((cluster.clone(), name), after).is_none(),
                    "{}: a name twice",
                    file.path
                );
            }
        }
        for ((cluster, name), after) in &waits {
            for wanted in after {
                edges += 1;
                assert!(
                    waits.contains_key(&(cluster.clone(), wanted.clone())),
                    "{name} of {tree} waits for {wanted}"
                );
                let rank = |name: &str| match name.strip_prefix("acme-").unwrap() {
                    "controller" => 0,
                    "policies" => 1,
                    name => 2 + usize::from(name.starts_with("workload-")),
                };
                assert!(rank(wanted) < rank(name), "{name} waits for {wanted}");
            }
        }
    }
    assert!(edges > 5, "{edges}");
}

#[test]
fn argo_cd_puts_the_controller_before_policies_before_synchronizers_before_workloads() {
    let (mut synchronizers, mut namespaces, mut definitions) = (0, 0, 0);
    for (_, files) in all() {
        let applications: Vec<Json> =
            files.iter().flat_map(objects).filter(|o| o["kind"] == "Application").collect();
        for application in applications {
            let path = application["spec"]["sources"][0]["path"].as_str().unwrap();
            let mut found = BTreeMap::new();
            applied(&files, in_tree(path), &mut found);
            for object in found.into_values().flat_map(objects) {
                let annotations = &object["metadata"]["annotations"];
                let wave = annotations["argocd.argoproj.io/sync-wave"].as_str();
                let is_controller =
                    object["metadata"]["labels"]["app.kubernetes.io/name"] == "hallpass-controller";
                match object["kind"].as_str().unwrap() {
                    "AllowlistSynchronizer" => {
                        synchronizers += 1;
                        assert_eq!(wave, Some("-100"));
                        let options = &annotations["argocd.argoproj.io/sync-options"];
                        assert_eq!(options, "SkipDryRunOnMissingResource=true");
                    }
                    "CustomResourceDefinition" => {
                        definitions += 1;
                        assert_eq!(wave, Some("-400"));
                        let options = &annotations["argocd.argoproj.io/sync-options"];
                        assert_eq!(options, "Delete=false,Prune=false");
                    }
                    "Namespace" => {
                        namespaces += 1;
                        assert_eq!(wave, Some(if is_controller { "-300" } else { "-200" }));
                        let options = &annotations["argocd.argoproj.io/sync-options"];
                        assert_eq!(options, "Delete=false,Prune=false");
                    }
                    "Kustomization" => assert_eq!(wave, None),
                    _ if is_controller => assert_eq!(wave, Some("-300"), "{object}"),
                    _ => assert_eq!(wave, Some("-200"), "{object}"),
                }
            }
        }
    }
    assert!(
        synchronizers >= 3 && namespaces >= 2 && definitions == 2,
        "{synchronizers} {namespaces} {definitions}"
    );
}

#[test]
fn kubectl_builds_every_kustomization() {
    if Command::new("kubectl").args(["version", "--client"]).output().is_err() {
        println!("skipped: `kubectl` was not found");
        return;
    }
    for (source, folder) in fleets() {
        for file in rendered(&source).iter().filter(|file| file.path.ends_with("kustomization.yaml")) {
            let path = folder.join(&file.path);
            let built =
                Command::new("kubectl").arg("kustomize").arg(path.parent().unwrap()).output().unwrap();
            let stderr = String::from_utf8_lossy(&built.stderr);
            assert!(built.status.success() && stderr.is_empty(), "{}: {stderr}", path.display());
            let resources = objects(file)[0]["resources"].as_array().unwrap().len();
            let text = String::from_utf8(built.stdout).unwrap();
            let count = text.lines().filter(|line| line.starts_with("kind: ")).count();
            assert!(count >= resources, "{}: {count} of {resources}", path.display());
        }
    }
}
