//! Consistency checks of a fleet that conforms to its schema.
//!
//! If many clusters are affected in the same way, one fault names the first cluster and the number of others.

mod cel;
mod charts;
mod clusters;
mod controller;
mod delivery;
mod flux;
mod kubewarden;
mod names;
mod one_entry;
mod policies;
mod selectors;
mod synchronizers;
mod versions;
mod workloads;

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Diagnostics};

use super::paths::{allowlist_path_fault, relative_path_fault};
use super::{Fleet, plans, words};
use crate::partners::Partners;

pub(super) use cel::texts as cel_texts;
pub(super) use controller::authorized_paths;

pub(super) fn all(fleet: &Fleet, faults: &mut Diagnostics) {
    let plans = plans(fleet);
    names::check(fleet, &plans, faults);
    clusters::check(fleet, faults);
    selectors::check(fleet, faults);
    synchronizers::check(fleet, &plans, faults);
    versions::check(&plans, faults);
    policies::check(fleet, &plans, faults);
    kubewarden::check(fleet, &plans, faults);
    cel::check(fleet, faults);
    controller::check(fleet, &plans, faults);
    workloads::check(fleet, &plans, faults);
    delivery::check(fleet, &plans, faults);
    flux::check(fleet, &plans, faults);
    charts::check(fleet, &plans, faults);
}

/// Each cluster must be selected by one entry of `list`. `duplicates` contains the clusters that each later entry
/// selects again; `describe` returns the message and the help line.
fn selected_twice(
    list: &str,
    duplicates: BTreeMap<usize, Vec<&str>>,
    faults: &mut Diagnostics,
    describe: impl Fn(&str) -> (String, String),
) {
    for (index, clusters) in duplicates {
        let Some(clusters) = words::clusters(clusters) else { continue };
        let (message, help) = describe(&clusters);
        faults.error(Diagnostic::new(format!("/spec/{list}/{index}/clusters"), message).help(help));
    }
}

fn relative_path(pointer: String, path: &str, faults: &mut Diagnostics) {
    if let Some((what, help)) = relative_path_fault(path) {
        faults.error(Diagnostic::new(pointer, format!("path `{path}` {what}")).help(help));
    }
}

fn allowlist_path(pointer: String, path: &str, faults: &mut Diagnostics) {
    if let Some((what, help)) = allowlist_path_fault(path) {
        let which =
            if path.is_empty() { "an allowlist path".to_owned() } else { format!("allowlist path `{path}`") };
        faults.error(Diagnostic::new(pointer, format!("{which} {what}")).help(help));
    }
}

/// Warns about a path of Google's repository that is almost a partner's path.
fn partner_path(pointer: String, path: &str, bucket_name: Option<&str>, faults: &mut Diagnostics) {
    // Customers can name the folders in their own buckets freely.
    if bucket_name.is_some() || allowlist_path_fault(path).is_some() {
        return;
    }
    if let Some(meant) = Partners::known().meant(path) {
        faults.warn(
            Diagnostic::new(pointer, format!("no known partner has the allowlist path `{path}`"))
                .help(format!("did you mean `{meant}`? `hallpass partners` lists the known paths")),
        );
    }
}

/// GKE identifies a customer's bucket by its name and the number of its project. Both are required.
fn bucket(at: &str, name: Option<&str>, project: Option<i64>, faults: &mut Diagnostics) {
    match (name, project) {
        (Some(name), None) => faults.error(
            Diagnostic::new(format!("{at}/bucketName"), format!("bucket `{name}` has no `projectNumber`"))
                .help("add the number of the project that owns the bucket"),
        ),
        (None, Some(number)) => faults.error(
            Diagnostic::new(format!("{at}/projectNumber"), format!("project `{number}` has no `bucketName`"))
                .help("add the name of the bucket, or remove `projectNumber` for Google's repository"),
        ),
        _ => {}
    }
}
