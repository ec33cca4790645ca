//! Argo CD: one Application per cluster, with policies, synchronizers and workloads in sync waves.
//!
//! Sync waves order resources only within one Application; docs/gitops.md explains why there is one per cluster.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::fleet::{Argo, By, Cluster, Fleet, Origin, Plan, Workload};
use crate::kustomize;
use crate::object::{Object, annotate, set};
use crate::render::Tree;
use crate::{File, health};

/// Far below 0, because partners' own manifests may use negative waves.
const NAMESPACES: &str = "-200";
const CRDS: &str = "-400";
const CONTROLLER: &str = "-300";
const POLICIES: &str = "-200";
const SYNCHRONIZERS: &str = "-100";
/// An Application with synchronizers, in an app of apps.
const BEFORE_EXISTING: &str = "-100";
/// An Application that waits for it.
pub(crate) const EXISTING: &str = "0";

pub(crate) const WAVE: &str = "argocd.argoproj.io/sync-wave";
const OPTIONS: &str = "argocd.argoproj.io/sync-options";

/// Namespaces that every cluster has.
pub(crate) const BUILT_IN: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The file in a cluster's folder with the namespaces of its charts.
pub(crate) const NAMESPACES_FILE: &str = "namespaces.yaml";

/// The patch for the ConfigMap `argocd-cm`.
const HEALTH_CHECK: &str = "argocd-cm-patch.yaml";

/// Returns the name of a cluster's Application.
pub(crate) fn name(fleet: &Fleet, cluster: &Cluster) -> String {
    format!("{}-{}", fleet.name, cluster.name)
}

/// Makes Argo CD apply a CRD first.
pub(crate) fn before_controller(object: &mut Object) {
    annotate(object, WAVE, CRDS);
}

/// Makes Argo CD apply an object of the controller, and wait for its health, before the fleet's policies.
pub(crate) fn before_policies(object: &mut Object) {
    annotate(object, WAVE, CONTROLLER);
}

/// Keeps Argo CD from removing an object.
pub(crate) fn keep(object: &mut Object) {
    annotate(object, OPTIONS, "Delete=false,Prune=false");
}

/// Makes Argo CD apply a policy before synchronizers.
pub(crate) fn before_synchronizers(object: &mut Object) {
    annotate(object, WAVE, POLICIES);
}

/// Makes Argo CD apply an object server-side.
pub(crate) fn server_side(object: &mut Object) {
    annotate(object, OPTIONS, "ServerSideApply=true");
}

/// Makes Argo CD apply a synchronizer, and wait for its health, before workloads. GKE or an earlier wave installs the CRD,
/// which may not exist yet when Argo CD would run the dry run.
pub(crate) fn before_workloads(object: &mut Object) {
    annotate(object, WAVE, SYNCHRONIZERS);
    annotate(object, OPTIONS, "SkipDryRunOnMissingResource=true");
}

/// Returns the namespaces of all charts of a cluster: `CreateNamespace=true` creates only the Application's own. They
/// are never removed, because they may hold objects of others.
pub(crate) fn namespaces(plan: &Plan<'_>) -> Vec<Object> {
    let names: BTreeSet<&str> = plan
        .charts()
        .filter(|(_, chart)| chart.create_namespace && !BUILT_IN.contains(&chart.namespace.as_str()))
        .map(|(_, chart)| chart.namespace.as_str())
        .collect();
    let object = |name| {
        let mut object = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
        annotate(&mut object, WAVE, NAMESPACES);
        keep(&mut object);
        object
    };
    names.into_iter().map(object).collect()
}

/// Returns the folders for the cluster that runs Argo CD: Applications, and the health check without which waves do not
/// wait.
pub(crate) fn applications(tree: &Tree, fleet: &Fleet, plans: &[Plan<'_>]) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders: BTreeMap<&str, Folder> = BTreeMap::new();
    for plan in plans {
        let Some(By::Argo(argo)) = plan.by() else { continue };
        let file = format!("applications/{}.yaml", plan.cluster.name);
        files
            .push(tree.file(format!("{}/{file}", argo.applications_path), &[application(fleet, plan, argo)]));
        let folder = folders.entry(&argo.applications_path).or_default();
        folder.applications.push(file);
        folder.in_app_of_apps |= plan.existing().next().is_some();
    }
    for (path, folder) in folders {
        let kustomization = kustomize::object(folder.applications);
        files.push(tree.file(format!("{path}/{}", kustomize::FILE), &[kustomization]));
        files.push(File {
            path: format!("{path}/{HEALTH_CHECK}"),
            contents: tree.marked(&health::argo_patch(folder.in_app_of_apps)),
        });
    }
    files
}

/// A folder with Applications.
#[derive(Default)]
struct Folder {
    applications: Vec<String>,
    /// Whether other Applications wait for these.
    in_app_of_apps: bool,
}

fn application(fleet: &Fleet, plan: &Plan<'_>, argo: &Argo) -> Object {
    let cluster = plan.cluster;
    let mut sources = vec![from_repository(argo, &format!("{}{}", argo.tree(), cluster.path))];
    sources.extend(plan.workloads.iter().filter_map(|(_, workload)| source(argo, workload)));
    let namespace = plan.charts().next().map_or("default", |(_, chart)| chart.namespace.as_str());
    let mut destination = json!({ "namespace": namespace });
    match &cluster.server {
        Some(server) => set(&mut destination, "server", Some(server.as_str())),
        None => set(&mut destination, "name", Some(cluster.name.as_str())),
    }
    // Without an end, because Google rolls out an allowlist over days, and Argo CD does not sync a failed revision
    // again by itself.
    let mut retry =
        json!({ "limit": -1, "backoff": { "duration": "30s", "factor": 2, "maxDuration": "10m" } });
    set(&mut retry, "refresh", argo.refreshes().then_some(true));
    let mut policy = json!({ "automated": { "prune": true, "selfHeal": true }, "retry": retry });
    set(&mut policy, "syncOptions", Some(argo.sync_options.clone()).filter(|options| !options.is_empty()));
    let mut spec = json!({
        "destination": destination,
        "project": argo.project,
        "sources": sources,
        "syncPolicy": policy,
    });
    let ignored = Some(argo.ignore_differences.clone()).filter(|ignored| !ignored.is_empty());
    set(&mut spec, "ignoreDifferences", ignored);
    let mut application = json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": { "name": name(fleet, cluster), "namespace": argo.namespace },
        "spec": spec,
    });
    if plan.existing().next().is_some() {
        annotate(&mut application, WAVE, BEFORE_EXISTING);
    }
    argo.annotations.iter().for_each(|(key, value)| annotate(&mut application, key, value));
    application
}

fn source(argo: &Argo, workload: &Workload) -> Option<Value> {
    Some(match &workload.origin {
        Origin::Existing(_) => return None,
        Origin::Path(path) => from_repository(argo, path),
        Origin::Chart(chart) => {
            let mut helm = json!({
                "namespace": chart.namespace,
                "releaseName": chart.release_name.as_ref().unwrap_or(&workload.name),
            });
            set(&mut helm, "valuesObject", chart.values.clone());
            json!({
                // For a chart in an OCI registry, Argo CD expects the URL without a scheme.
                "repoURL": chart.repo_url.strip_prefix("oci://").unwrap_or(&chart.repo_url),
                "chart": chart.name,
                "targetRevision": chart.version,
                "helm": helm,
            })
        }
    })
}

fn from_repository(argo: &Argo, path: &str) -> Value {
    json!({ "repoURL": argo.repo_url, "targetRevision": argo.target_revision, "path": path })
}
