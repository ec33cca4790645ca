//! Checks for duplicate names, and names that are not valid file names.

use std::collections::HashSet;

use hallpass_document::{Diagnostic, Diagnostics};

use crate::fleet::{By, Fleet, Origin, Plan};
use crate::output_path::unfit;

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    let spec = &fleet.spec;
    unique("clusters", spec.clusters.iter().map(|item| &item.name), faults);
    unique("synchronizers", spec.synchronizers.iter().map(|item| &item.name), faults);
    unique("workloads", spec.workloads.iter().map(|item| &item.name), faults);
    unique("policies", spec.policies.iter().map(|item| &item.name), faults);
    files(fleet, plans, faults);
}

/// A name is already a DNS label, so the only invalid file names left are Windows device names.
fn files(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    let mut check = |list: &str, index: usize, name: &str| {
        if unfit(name).is_some() {
            let message =
                format!("the name `{name}` is used as a file name, but is a device name on Windows");
            faults.error(
                Diagnostic::new(format!("/spec/{list}/{index}/name"), message).help("give it another name"),
            );
        }
    };
    let spec = &fleet.spec;
    spec.synchronizers.iter().enumerate().for_each(|(index, item)| check("synchronizers", index, &item.name));
    spec.policies.iter().enumerate().for_each(|(index, item)| check("policies", index, &item.name));
    let by_flux: HashSet<usize> = plans
        .iter()
        .filter(|plan| matches!(plan.by(), Some(By::Flux(_))))
        .flat_map(|plan| plan.workloads.iter().map(|(index, _)| *index))
        .collect();
    for (index, item) in spec.workloads.iter().enumerate() {
        if matches!(item.origin, Origin::Chart(_)) && by_flux.contains(&index) {
            check("workloads", index, &item.name);
        }
    }
    for (index, plan) in plans.iter().enumerate() {
        if plan.in_waves() {
            check("clusters", index, &plan.cluster.name);
        }
    }
}

fn unique<'n>(list: &str, names: impl Iterator<Item = &'n String>, faults: &mut Diagnostics) {
    let mut seen = HashSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name) {
            let pointer = format!("/spec/{list}/{index}/name");
            faults.error(
                Diagnostic::new(pointer, format!("two {list} are named `{name}`"))
                    .help("give each a unique name"),
            );
        }
    }
}
