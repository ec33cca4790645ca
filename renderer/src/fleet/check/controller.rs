//! Checks that each cluster with hallpass-controller is selected by one entry, which permits what synchronizers name.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Diagnostics, push_key};
use hallpass_policy::synchronizer::{AuthorizedPath, full_path};
use serde_json::Value as Json;

use super::cel::check_actions;
use super::one_entry::OneEntry;
use crate::admission::{LONGEST_EXPRESSION, MOST_PATHS, authorized, longest_expression};
use crate::argo;
use crate::fleet::paths::allowlist_path_fault;
use crate::fleet::{Controllers, Fleet, Installer, Kubewarden, Plan, words};

/// Checks the authorized paths of a fleet that conforms to the schema, before they are read.
pub(in crate::fleet) fn authorized_paths(fleet: &Json, faults: &mut Diagnostics) {
    let entries = fleet.pointer("/spec/controller").and_then(Json::as_array).into_iter().flatten();
    for (index, entry) in entries.enumerate() {
        let paths = entry.get("authorizedPaths").and_then(Json::as_array).into_iter().flatten();
        for (position, path) in paths.filter_map(Json::as_str).enumerate() {
            if let Err(error) = path.parse::<AuthorizedPath>() {
                let pointer = format!("/spec/controller/{index}/authorizedPaths/{position}");
                faults.error(Diagnostic::new(pointer, error.to_string()).help(
                    "list what GKE's `--autopilot-privileged-admission` would list, such as `gke://*`",
                ));
            }
        }
    }
}

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, entry) in fleet.spec.controller.iter().enumerate() {
        names(index, entry, faults);
        size(index, entry, faults);
        if let Some(enforce) = entry.settings.enforce.as_ref().filter(|enforce| !enforce.actions.is_empty()) {
            check_actions(format!("/spec/controller/{index}/enforce/actions"), &enforce.actions, faults);
        }
    }
    let list = OneEntry {
        list: "controller",
        selectors: fleet.spec.controller.iter().map(|entry| &entry.clusters).collect(),
        setting: ("synchronizer", "hallpass"),
        has: |cluster| cluster.synchronizer == Installer::Hallpass,
        with: "the `image` and the `repository` of the controller",
    };
    list.check(&fleet.spec.clusters, faults);
    let mut refusals = Refusals::new();
    for plan in plans {
        if let [(index, entry)] = plan.controllers.as_slice() {
            refused(plan, entry, &mut refusals);
            if entry.settings.enforce.is_some() && !plan.cel.is_empty() {
                twice(*index, plan, faults);
            }
            if let Some((index, kubewarden)) = plan.kubewarden.first() {
                writes(*index, kubewarden, plan, entry, faults);
            }
        }
    }
    for ((pointer, refusal), clusters) in refusals {
        let Some(clusters) = words::clusters(clusters) else { continue };
        let (message, help) = match refusal {
            Refusal::Bucket(bucket) => (
                format!("the controller of {clusters} has no bucket `{bucket}`"),
                format!(
                    "add it to `buckets` of the entry in `controller`, such as `{bucket}: gs://{bucket}`"
                ),
            ),
            Refusal::Path(path) => (
                format!("the controller of {clusters} does not authorize `{path}`"),
                format!(
                    "add `{path}`, or a folder above it, to `authorizedPaths` of the entry in `controller`"
                ),
            ),
            Refusal::Many(count) => (
                format!(
                    "the synchronizer has {count} paths on {clusters}, and the policy of the controller can evaluate at \
                     most {MOST_PATHS}"
                ),
                "name folders, `dir/*`, instead of single files, or split the synchronizer".to_owned(),
            ),
        };
        faults.error(Diagnostic::new(pointer, message).help(help));
    }
}

fn names(index: usize, entry: &Controllers, faults: &mut Diagnostics) {
    let at = format!("/spec/controller/{index}");
    let namespace = &entry.settings.namespace;
    if argo::BUILT_IN.contains(&namespace.as_str()) {
        faults.error(
            Diagnostic::new(
                format!("{at}/namespace"),
                format!(
                    "the controller cannot be in `{namespace}`: its namespace admits only restricted Pods"
                ),
            )
            .help("write a separate namespace, such as `hallpass-system`"),
        );
    }
    for bucket in entry.settings.buckets.keys() {
        if format!("gs://{bucket}/*").parse::<AuthorizedPath>().is_err() {
            let mut pointer = format!("{at}/buckets");
            push_key(&mut pointer, bucket);
            faults.error(
                Diagnostic::new(pointer, format!("`{bucket}` is not a bucket name"))
                    .in_key()
                    .help("write only the name, without `gs://` and without a path"),
            );
        }
    }
}

/// The rendered policies and those of the controller have the same names.
fn twice(index: usize, plan: &Plan<'_>, faults: &mut Diagnostics) {
    let cluster = &plan.cluster.name;
    let message = format!(
        "the policies of this controller and those of `admission: cel` are the same objects on cluster `{cluster}`"
    );
    faults.error(
        Diagnostic::new(format!("/spec/controller/{index}/enforce"), message)
            .help("let the controller enforce the allowlists that it installs, and remove `admission: cel` from the cluster"),
    );
}

/// A list that makes a policy that Kubernetes would refuse.
fn size(index: usize, entry: &Controllers, faults: &mut Diagnostics) {
    let [policy, _] = authorized(&entry.settings.authorized_paths);
    let longest = longest_expression(&policy);
    if longest > LONGEST_EXPRESSION {
        let message = format!(
            "the list is too long: an expression of its policy would have {longest} characters, and Kubernetes allows \
             {LONGEST_EXPRESSION}"
        );
        faults.error(
            Diagnostic::new(format!("/spec/controller/{index}/authorizedPaths"), message)
                .help("authorize folders, `gke://dir/*`, instead of single files"),
        );
    }
}

/// Why the controller of a cluster would refuse a synchronizer of the fleet.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Refusal<'f> {
    Bucket(&'f str),
    Path(String),
    Many(usize),
}

/// The clusters by JSON pointer and reason.
type Refusals<'f> = BTreeMap<(String, Refusal<'f>), Vec<&'f str>>;

fn refused<'f>(plan: &Plan<'f>, entry: &Controllers, refusals: &mut Refusals<'f>) {
    let mut add = |pointer, refusal| {
        refusals.entry((pointer, refusal)).or_default().push(plan.cluster.name.as_str());
    };
    for (index, synchronizer) in &plan.synchronizers {
        let at = format!("/spec/synchronizers/{index}");
        let bucket = synchronizer.bucket_name.as_deref();
        if let Some(bucket) = bucket.filter(|bucket| !entry.settings.buckets.contains_key(*bucket)) {
            add(format!("{at}/bucketName"), Refusal::Bucket(bucket));
        }
        if synchronizer.allowlist_paths.len() > MOST_PATHS {
            add(format!("{at}/allowlistPaths"), Refusal::Many(synchronizer.allowlist_paths.len()));
        }
        for (position, path) in synchronizer.allowlist_paths.iter().enumerate() {
            // An invalid path has already been reported.
            if allowlist_path_fault(path).is_none() && !entry.settings.authorized_paths.permits(bucket, path)
            {
                let path = full_path(bucket, path);
                add(format!("{at}/allowlistPaths/{position}"), Refusal::Path(path));
            }
        }
    }
}

/// Kubewarden must let the controller write allowlists.
fn writes(
    index: usize,
    kubewarden: &Kubewarden,
    plan: &Plan<'_>,
    entry: &Controllers,
    faults: &mut Diagnostics,
) {
    let writers = kubewarden.settings.get("workloadAllowlists").and_then(|field| field.get("writers"));
    let from_cluster = kubewarden.settings.get("allowlistsFrom").is_some_and(|from| from == "cluster");
    let user = entry.settings.user();
    let lists = |list: &str, name: &str| {
        let names = writers.and_then(|writers| writers.get(list)).and_then(Json::as_array);
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let groups =
        ["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{}", entry.settings.namespace)];
    let is_writer = lists("users", &user) || groups.iter().any(|group| lists("groups", group));
    if (from_cluster || writers.is_some()) && !is_writer {
        let message = format!(
            "the policy in Kubewarden refuses the allowlists that the controller installs on cluster `{}`",
            plan.cluster.name
        );
        faults.error(
            Diagnostic::new(format!("/spec/kubewarden/{index}/settings"), message)
                .help(format!("add `{user}` to `workloadAllowlists.writers.users`")),
        );
    }
}
