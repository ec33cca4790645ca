//! The criteria of the Pod: all workloads of a list must agree on them.

use std::borrow::Cow;

use hallpass_document::Value;
use hallpass_workload::{HostNamespace, Workload};

use crate::entry::{accepting, map_of, profile};

/// Returns the differences for which no list can serve both: host namespaces are required, not merely permitted (rule M3).
pub(super) fn conflicts(one: &Workload<'_>, other: &Workload<'_>) -> Vec<String> {
    let joins = |workload: &Workload<'_>, namespace| workload.host_namespaces.contains(&namespace);
    let label =
        |workload: &Workload<'_>| workload.matching_label.as_ref().map(|label| label.allowlist.to_owned());
    let namespaces = HostNamespace::ALL.into_iter();
    let mut conflicts: Vec<String> = namespaces
        .filter(|namespace| joins(one, *namespace) != joins(other, *namespace))
        .map(|namespace| format!("`{}`", namespace.field()))
        .collect();
    let others = [
        (one.host_users != other.host_users, "`hostUsers`".to_owned()),
        (accepting(&[one.app_armor, other.app_armor]).is_none(), "the AppArmor profile".to_owned()),
        (label(one) != label(other), "the label `cloud.google.com/matching-allowlist`".to_owned()),
    ];
    conflicts.extend(others.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what));
    conflicts
}

pub(super) fn criteria(workloads: &[&Workload<'_>]) -> Vec<(Cow<'static, str>, Value<'static>)> {
    let mut criteria = Vec::new();
    for namespace in HostNamespace::ALL {
        if workloads.iter().any(|workload| workload.host_namespaces.contains(&namespace)) {
            criteria.push((namespace.field().into(), Value::Bool(true)));
        }
    }
    if workloads.iter().any(|workload| workload.host_users) {
        criteria.push(("hostUsers".into(), Value::Bool(true)));
    }
    let profiles: Vec<_> = workloads.iter().map(|workload| workload.app_armor).collect();
    if let Some(criterion) = accepting(&profiles).flatten() {
        criteria.push(("securityContext".into(), map_of([("appArmorProfile", profile(criterion))])));
    }
    criteria
}
