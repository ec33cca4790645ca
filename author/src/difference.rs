//! The difference between two versions of an allowlist: the things that a workload may do under one version only.
//!
//! Versions are compared by meaning: order and layout do not matter, and patterns are compared as sets of texts. The
//! comparison may report a difference that no workload can use, but never misses one: if [`grants`] returns nothing, the
//! other version matches every workload that this one matches, once the label names it.

mod class;
mod container;
mod grant;
mod pairs;
mod strings;
mod volume;

use hallpass_policy::{AllowedContainer, Allowlist};
pub use hallpass_re2::Work;
use hallpass_workload::{AppArmor, HostNamespace};

pub use class::Class;
pub use grant::{Example, Grant};
pub use pairs::{VersionPair, namesakes, pairs};

/// Returns the things that workloads may do under `allowlist` and not under `other`, by risk. All comparisons of a run share
/// `work`: once it is used up, patterns count as too complex to compare.
#[must_use]
pub fn grants(allowlist: &Allowlist<'_>, other: &Allowlist<'_>, work: &mut Work) -> Vec<Grant> {
    let mut grants = Vec::new();
    pod(allowlist, other, &mut grants);
    volume::compare(&allowlist.volumes, &other.volumes, &mut grants);
    for container in &allowlist.containers {
        let namesakes = other.containers.iter().filter(|entry| same_place(entry, container));
        grants.extend(container::compare(container, namesakes, work));
    }
    grants.sort_by_key(|grant| grant.class);
    grants
}

/// Names count for workloads with the label (rule M2).
fn same_place(entry: &AllowedContainer<'_>, container: &AllowedContainer<'_>) -> bool {
    entry.list == container.list && entry.name == container.name
}

fn pod(allowlist: &Allowlist<'_>, other: &Allowlist<'_>, grants: &mut Vec<Grant>) {
    for constraint in allowlist.exemptions().filter(|constraint| !other.exempts_from(*constraint)) {
        let may = format!("violate `{}`", constraint.id());
        grants.push(Grant::new(Class::Exemption, may, "/exemptions".to_owned()));
    }
    let namespaces = HostNamespace::ALL.into_iter().map(|namespace| {
        let has = |allowlist: &Allowlist<'_>| allowlist.host_namespaces.contains(&namespace);
        (namespace.field(), has(allowlist), has(other))
    });
    for (field, set, set_in_other) in
        namespaces.chain([("hostUsers", allowlist.host_users, other.host_users)])
    {
        let path = format!("/matchingCriteria/{field}");
        match (set, set_in_other) {
            (true, false) => {
                grants.push(Grant::new(Class::HostNamespace, format!("set `{field}: true`"), path))
            }
            (false, true) => grants.push(Grant::new(Class::Omission, format!("omit `{field}: true`"), path)),
            _ => {}
        }
    }
    let path = "/matchingCriteria/securityContext/appArmorProfile";
    app_armor(allowlist.app_armor, other.app_armor, path, "", grants);
    if other.no_connect && !allowlist.no_connect {
        let may = "be connected to, with exec, attach and port-forward".to_owned();
        grants.push(Grant::new(Class::Connect, may, "/metadata/annotations".to_owned()));
    }
    if let Some(minimum) = other.min_gke_version
        && allowlist.min_gke_version.is_none_or(|own| own < minimum)
    {
        let may = format!("run on GKE versions below `{minimum}`");
        grants.push(Grant::new(Class::Version, may, "/minGKEVersion".to_owned()));
    }
}

/// The profiles that a criterion accepts (rule M10).
fn accepted(criterion: Option<AppArmor<'_>>) -> Vec<&'static str> {
    match criterion {
        None => vec![NO_PROFILE, DEFAULT],
        Some(AppArmor::Unconfined) => {
            vec![NO_PROFILE, DEFAULT, "with the AppArmor profile `Unconfined`", ANY_LOCAL]
        }
        Some(AppArmor::RuntimeDefault) => vec![DEFAULT],
        Some(AppArmor::Localhost(_)) => Vec::new(),
    }
}

const NO_PROFILE: &str = "without an AppArmor profile";
const DEFAULT: &str = "with the AppArmor profile `RuntimeDefault`";
const ANY_LOCAL: &str = "with any local AppArmor profile";

fn app_armor(
    criterion: Option<AppArmor<'_>>,
    other: Option<AppArmor<'_>>,
    path: &str,
    container: &str,
    grants: &mut Vec<Grant>,
) {
    let mut add = |may: String| {
        grants.push(Grant::new(Class::AppArmor, format!("run {may}"), path.to_owned()).container(container));
    };
    match (criterion, other) {
        (Some(AppArmor::Localhost(profile)), Some(AppArmor::Localhost(other))) if profile == other => {}
        (Some(AppArmor::Localhost(_)), Some(AppArmor::Unconfined)) => {}
        (Some(AppArmor::Localhost(profile)), _) => {
            add(format!("with the local AppArmor profile `{profile}`"))
        }
        _ => {
            let known = accepted(other);
            accepted(criterion)
                .into_iter()
                .filter(|may| !known.contains(may))
                .for_each(|may| add(may.to_owned()));
        }
    }
}
