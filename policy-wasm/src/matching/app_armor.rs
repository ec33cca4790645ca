//! M10: `AppArmor` profiles of Pod and container, by the table in the CRD's description. Nothing is inherited.

use super::container::ContainerPair;
use super::tally::Tally;
use super::{Difference, Pair};
use crate::decision::{Assumption, Rule};
use hallpass_workload::AppArmor;

/// Whether an allowlist's profile accepts a workload's profile.
fn accepts(allowlist: Option<AppArmor<'_>>, workload: Option<AppArmor<'_>>) -> bool {
    match allowlist {
        None => matches!(workload, None | Some(AppArmor::RuntimeDefault)),
        Some(AppArmor::Unconfined) => true,
        Some(profile) => workload == Some(profile),
    }
}

pub(super) fn compare_pod(pair: &Pair<'_, '_, '_>, tally: &mut Tally) {
    let (workload, allowlist) = (pair.workload.app_armor, pair.allowlist.app_armor);
    if accepts(allowlist, workload) {
        return;
    }
    tally.add(|| {
        let path = format!("{}/securityContext/appArmorProfile", pair.workload.spec_pointer);
        let allowlist_path = "/matchingCriteria/securityContext/appArmorProfile".to_owned();
        let levels = across_levels(pair);
        pair.mismatch(Rule::M10, difference("the Pod", path, allowlist_path, (workload, allowlist), levels))
    });
}

pub(super) fn compare_container(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    let (workload, allowlist) = (pair.container.app_armor, pair.allowed.app_armor);
    if accepts(allowlist, workload) {
        return;
    }
    tally.add(|| {
        let annotation = pair.container.app_armor_annotation.clone();
        let path = annotation.unwrap_or_else(|| pair.path("/securityContext/appArmorProfile"));
        let allowlist_path = pair.allowed_path("/securityContext/appArmorProfile");
        let whose = format!("container `{}`", pair.container.name);
        let levels = across_levels(pair.pair);
        pair.mismatch(Rule::M10, difference(&whose, path, allowlist_path, (workload, allowlist), levels))
    });
}

fn difference(
    whose: &str,
    path: String,
    allowlist_path: String,
    (workload, allowlist): (Option<AppArmor<'_>>, Option<AppArmor<'_>>),
    across_levels: bool,
) -> Difference {
    let has =
        workload.map_or_else(|| "no AppArmor profile".to_owned(), |p| format!("the AppArmor profile `{p}`"));
    let (accepted, advice) = match allowlist {
        None => (
            "none or `RuntimeDefault`".to_owned(),
            "remove the profile, or make it `RuntimeDefault`".to_owned(),
        ),
        Some(profile) => (format!("`{profile}`"), format!("set the profile to `{profile}`")),
    };
    Difference {
        path,
        workload: workload.map(|profile| profile.to_string()),
        expected: Some(accepted.replace('`', "")),
        allowlist_path,
        message: format!("{whose} has {has}; the allowlist accepts {accepted}"),
        help: format!("{advice}, or load a version of the allowlist that accepts this one"),
        assumption: across_levels.then_some(INHERITANCE),
    }
}

const INHERITANCE: &str = "AppArmor profiles of the Pod and of its containers are compared separately; how they inherit is not public";

/// Whether the Pod and one of its containers set a profile, in the workload or in the allowlist.
fn at_both_levels(pair: &Pair<'_, '_, '_>) -> bool {
    let (workload, allowlist) = (pair.workload, pair.allowlist);
    (workload.app_armor.is_some() && workload.containers.iter().any(|c| c.app_armor.is_some()))
        || (allowlist.app_armor.is_some() && allowlist.containers.iter().any(|c| c.app_armor.is_some()))
}

/// Whether a Pod and a container set a profile, on either side: if profiles were inherited, they could be equal.
fn across_levels(pair: &Pair<'_, '_, '_>) -> bool {
    let (workload, allowlist) = (pair.workload, pair.allowlist);
    let of_a_pod = workload.app_armor.is_some() || allowlist.app_armor.is_some();
    let in_workload = workload.containers.iter().any(|container| container.app_armor.is_some());
    of_a_pod && (in_workload || allowlist.containers.iter().any(|container| container.app_armor.is_some()))
}

pub(super) fn assume_levels(pair: &Pair<'_, '_, '_>, assumptions: &mut Vec<Assumption>) {
    if at_both_levels(pair) {
        assumptions.push(Assumption { rule: Rule::M10, message: INHERITANCE.to_owned() });
    }
}
