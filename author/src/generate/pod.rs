//! The criteria of the Pod: all workloads of a list must agree on them.

use std::borrow::Cow;

use hallpass_document::Value;
use hallpass_workload::{HostNamespace, Workload};

use crate::entry::{accepting, map_of, profile};

/// Whether one list can serve both: its host namespaces are required, not merely permitted (rule M3).
pub(super) fn is_compatible(one: &Workload<'_>, other: &Workload<'_>) -> bool {
    let joins = |workload: &Workload<'_>| {
        HostNamespace::ALL.map(|namespace| workload.host_namespaces.contains(&namespace))
    };
    let label =
        |workload: &Workload<'_>| workload.matching_label.as_ref().map(|label| label.allowlist.to_owned());
    joins(one) == joins(other)
        && label(one) == label(other)
        && one.host_users == other.host_users
        && accepting(&[one.app_armor, other.app_armor]).is_some()
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
