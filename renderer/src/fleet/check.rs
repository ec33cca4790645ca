//! What does not fit together in a fleet that fits its schema.
//!
//! Where many clusters are affected alike, one fault names the first and counts the others.

mod clusters;
mod delivery;
mod kubewarden;
mod names;
mod policies;
mod selectors;
mod synchronizers;
mod versions;
mod workloads;

use std::collections::BTreeMap;

use hallpass_document::{Fault, Faults};

use super::paths::{allowlist_path_fault, relative_path_fault};
use super::{Fleet, plans, words};
use crate::partners::Partners;

pub(super) fn all(fleet: &Fleet, faults: &mut Faults) {
    let plans = plans(fleet);
    names::check(fleet, &plans, faults);
    clusters::check(fleet, faults);
    selectors::check(fleet, faults);
    synchronizers::check(fleet, &plans, faults);
    versions::check(&plans, faults);
    policies::check(fleet, &plans, faults);
    kubewarden::check(fleet, &plans, faults);
    workloads::check(fleet, &plans, faults);
    delivery::check(fleet, &plans, faults);
}

/// Of each cluster, one entry of `list` must be in charge. `doubled` has the clusters of each later one; `tell` says what is
/// wrong about them, and what to do.
fn selected_twice(
    list: &str,
    doubled: BTreeMap<usize, Vec<&str>>,
    faults: &mut Faults,
    tell: impl Fn(&str) -> (String, &'static str),
) {
    for (index, clusters) in doubled {
        let Some(clusters) = words::clusters(clusters) else { continue };
        let (message, help) = tell(&clusters);
        faults.error(Fault::new(format!("/spec/{list}/{index}/clusters"), message).help(help));
    }
}

fn relative_path(pointer: String, path: &str, faults: &mut Faults) {
    if let Some((what, help)) = relative_path_fault(path) {
        faults.error(Fault::new(pointer, format!("path `{path}` {what}")).help(help));
    }
}

fn allowlist_path(pointer: String, path: &str, faults: &mut Faults) {
    if let Some((what, help)) = allowlist_path_fault(path) {
        let which =
            if path.is_empty() { "an allowlist path".to_owned() } else { format!("allowlist path `{path}`") };
        faults.error(Fault::new(pointer, format!("{which} {what}")).help(help));
    }
}

/// A path of Google's repository that is nearly a partner's.
fn partner_path(pointer: String, path: &str, bucket_name: Option<&str>, faults: &mut Faults) {
    // In a bucket of their own, customers have what folders they like.
    if bucket_name.is_some() || allowlist_path_fault(path).is_some() {
        return;
    }
    if let Some(meant) = Partners::known().meant(path) {
        faults.warn(
            Fault::new(pointer, format!("no partner is known to have allowlist path `{path}`"))
                .help(format!("did you mean `{meant}`? `hallpass partners` lists the paths that are known")),
        );
    }
}

/// GKE reads a customer's bucket by its name and the number of its project, never by one of them.
fn bucket(at: &str, name: Option<&str>, project: Option<i64>, faults: &mut Faults) {
    match (name, project) {
        (Some(name), None) => faults.error(
            Fault::new(format!("{at}/bucketName"), format!("bucket `{name}` has no `projectNumber`"))
                .help("add the number of the project that owns the bucket"),
        ),
        (None, Some(number)) => faults.error(
            Fault::new(format!("{at}/projectNumber"), format!("project `{number}` has no `bucketName`"))
                .help("add the name of the bucket, or remove `projectNumber` for Google's repository"),
        ),
        _ => {}
    }
}
