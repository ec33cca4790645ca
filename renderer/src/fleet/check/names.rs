//! Names that are given twice.

use std::collections::HashSet;

use hallpass_policy::{Fault, Faults};

use crate::fleet::Fleet;

pub(super) fn check(fleet: &Fleet, faults: &mut Faults) {
    let spec = &fleet.spec;
    unique("clusters", spec.clusters.iter().map(|item| &item.name), faults);
    unique("synchronizers", spec.synchronizers.iter().map(|item| &item.name), faults);
    unique("workloads", spec.workloads.iter().map(|item| &item.name), faults);
    unique("policies", spec.policies.iter().map(|item| &item.name), faults);
}

fn unique<'n>(list: &str, names: impl Iterator<Item = &'n String>, faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name) {
            let pointer = format!("/spec/{list}/{index}/name");
            faults.error(
                Fault::new(pointer, format!("two {list} are named `{name}`"))
                    .help("give each a name of its own"),
            );
        }
    }
}
