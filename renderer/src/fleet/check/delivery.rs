//! Checks that each cluster has one delivery, and that the names that it generates are valid.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_document::{Diagnostic, Diagnostics};

use super::{relative_path, selected_twice};
use crate::fleet::{Argo, By, Fleet, Flux, Plan, ROOT, ToolVersion};
use crate::{argo, flux};

/// Flux and Argo CD label objects with the name of the object that applied them, and label values are limited to this
/// length.
const LONGEST_NAME: usize = 63;

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, delivery) in fleet.spec.delivery.iter().enumerate() {
        let at = format!("/spec/delivery/{index}");
        match &delivery.by {
            By::Flux(flux) => {
                tree_path(format!("{at}/flux/treePath"), flux.tree_path.as_deref(), faults);
                version(format!("{at}/flux/version"), "Flux", flux.version, Flux::OLDEST, faults);
            }
            By::Argo(argo) => {
                tree_path(format!("{at}/argo/treePath"), argo.tree_path.as_deref(), faults);
                version(format!("{at}/argo/version"), "Argo CD", argo.version, Argo::OLDEST, faults);
            }
            By::Plain {} => {}
        }
    }
    let mut duplicates: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    let mut long = BTreeSet::new();
    for (index, plan) in plans.iter().enumerate() {
        let cluster = plan.cluster.name.as_str();
        match plan.deliveries.as_slice() {
            [] => faults.error(
                Diagnostic::new(
                    format!("/spec/clusters/{index}"),
                    format!("no delivery selects cluster `{cluster}`"),
                )
                .help("add an entry to `delivery` that selects it, with `flux`, `argo` or `plain`"),
            ),
            [(_, delivery)] => {
                long.extend(
                    names(fleet, plan, &delivery.by).into_iter().filter(|name| name.len() > LONGEST_NAME),
                );
                if let By::Argo(_) = delivery.by {
                    namespaces(plan, index, faults);
                }
            }
            [_, more @ ..] => {
                more.iter().for_each(|(index, _)| duplicates.entry(*index).or_default().push(cluster));
            }
        }
    }
    selected_twice("delivery", duplicates, faults, |clusters| {
        (
            format!("this delivery selects {clusters}, which another delivery already selects"),
            "select each cluster in only one delivery".to_owned(),
        )
    });
    for name in long {
        faults.error(
            Diagnostic::new(
                "/metadata/name".to_owned(),
                format!("the name `{name}` has {} characters; the maximum is {LONGEST_NAME}", name.len()),
            )
            .help("it combines the fleet's name and another name: shorten one of them"),
        );
    }
}

fn version(pointer: String, tool: &str, found: ToolVersion, oldest: ToolVersion, faults: &mut Diagnostics) {
    if found < oldest {
        faults.error(
            Diagnostic::new(
                pointer,
                format!("version `{found}` of {tool} is too old for the rendered manifests"),
            )
            .help(format!("upgrade {tool} to `{oldest}` or newer, or use `plain` for these clusters")),
        );
    }
}

fn tree_path(pointer: String, path: Option<&str>, faults: &mut Diagnostics) {
    if let Some(path) = path.filter(|path| *path != ROOT) {
        relative_path(pointer, path, faults);
    }
}

fn names(fleet: &Fleet, plan: &Plan<'_>, by: &By) -> Vec<String> {
    match by {
        By::Flux(_) => flux::names(fleet, plan),
        By::Argo(_) => vec![argo::name(fleet, plan.cluster)],
        By::Plain {} => Vec::new(),
    }
}

/// An Application has one namespace for all objects without one.
fn namespaces(plan: &Plan<'_>, index: usize, faults: &mut Diagnostics) {
    let mut charts = plan.charts();
    let Some((_, first)) = charts.next() else { return };
    for (workload, other) in
        charts.filter(|(_, chart)| chart.namespace != first.namespace && !chart.namespaced)
    {
        faults.warn(
            Diagnostic::new(
                format!("/spec/clusters/{index}"),
                format!(
                    "objects of workload `{}` that do not name their namespace go to `{}` instead of `{}` on cluster `{}`",
                    workload.name, first.namespace, other.namespace, plan.cluster.name
                ),
            )
            .help(
                "Argo CD has one namespace for all charts of a cluster: set `namespaced: true` if all objects in the output \
                 of `helm template` name theirs, or install the charts in one namespace",
            ),
        );
    }
}
