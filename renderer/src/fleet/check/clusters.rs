//! Versions that cannot be read, and folders that would mix two outputs.

use std::collections::BTreeSet;

use hallpass_policy::{Fault, Faults, GkeVersion};

use super::relative_path;
use crate::fleet::{By, Fleet};

pub(super) fn check(fleet: &Fleet, faults: &mut Faults) {
    for (index, cluster) in fleet.spec.clusters.iter().enumerate() {
        relative_path(format!("/spec/clusters/{index}/path"), &cluster.path, faults);
        if let Err(error) = cluster.gke_version.parse::<GkeVersion>() {
            faults.error(
                Fault::new(format!("/spec/clusters/{index}/gkeVersion"), error.to_string())
                    .help("`gcloud container clusters describe` prints it as `currentMasterVersion`"),
            );
        }
    }
    outputs(fleet, faults);
}

/// A folder that something is written to.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Output<'f> {
    /// In lower case, as some file systems do not tell cases apart, and with a slash at its end.
    folder: String,
    path: &'f str,
    whose: String,
    pointer: String,
}

fn outputs(fleet: &Fleet, faults: &mut Faults) {
    let output =
        |path, whose, pointer| Output { folder: format!("{}/", path).to_lowercase(), path, whose, pointer };
    let spec = &fleet.spec;
    let clusters = spec.clusters.iter().enumerate().map(|(index, cluster)| {
        output(
            cluster.path.as_str(),
            format!("cluster `{}`", cluster.name),
            format!("/spec/clusters/{index}/path"),
        )
    });
    let mut outputs: Vec<Output<'_>> = clusters.collect();
    let mut shared = BTreeSet::new();
    for (index, delivery) in spec.delivery.iter().enumerate() {
        // All of Argo CD's Applications may go to one folder: they have names of their own.
        if let By::Argo(argo) = &delivery.by
            && shared.insert(&argo.applications_path)
        {
            let pointer = format!("/spec/delivery/{index}/argo/applicationsPath");
            outputs.push(output(&argo.applications_path, "Argo CD's Applications".to_owned(), pointer));
        }
    }
    // Everything inside a folder follows it directly.
    outputs.sort();
    let mut outer: Option<&Output<'_>> = None;
    for inner in &outputs {
        match outer {
            Some(outer) if inner.folder.starts_with(&outer.folder) => faults.error(mixed(outer, inner)),
            _ => outer = Some(inner),
        }
    }
}

fn mixed(outer: &Output<'_>, inner: &Output<'_>) -> Fault {
    let message = if inner.path == outer.path {
        format!("{} and {} both write to `{}`", outer.whose, inner.whose, inner.path)
    } else if inner.folder == outer.folder {
        format!(
            "`{}` of {} and `{}` of {} differ in case only, which some file systems do not see",
            outer.path, outer.whose, inner.path, inner.whose
        )
    } else {
        format!(
            "`{}` of {} lies in `{}`, which {} writes to",
            inner.path, inner.whose, outer.path, outer.whose
        )
    };
    Fault::new(inner.pointer.clone(), message).help("give each a folder of its own, beside the others")
}
