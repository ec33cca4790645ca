//! M3 and M10 for the Pod itself: host namespaces and `hostUsers` are true in both or in neither; the AppArmor
//! profile follows the table of M10.

use super::tally::Tally;
use super::{Difference, Pair, app_armor};
use crate::decision::Rule;
use hallpass_workload::HostNamespace;

const UNTESTED_EQUALITY: &str = "an allowlist with `true` does not match a workload without it: a vendor tested this \
     on a cluster for `hostPID` and `hostNetwork`, and the documentation uses the same words for the other fields";

pub(super) fn compare(pair: &Pair<'_, '_, '_>, tally: &mut Tally) {
    for namespace in HostNamespace::ALL {
        let tested = namespace != HostNamespace::Ipc;
        flag(
            pair,
            namespace.field(),
            pair.workload.host_namespaces.contains(&namespace),
            pair.allowlist.host_namespaces.contains(&namespace),
            tested,
            tally,
        );
    }
    flag(pair, "hostUsers", pair.workload.host_users, pair.allowlist.host_users, false, tally);
    app_armor::compare_pod(pair, tally);
}

fn flag(
    pair: &Pair<'_, '_, '_>,
    field: &str,
    workload: bool,
    allowlist: bool,
    tested: bool,
    tally: &mut Tally,
) {
    if workload == allowlist {
        return;
    }
    tally.add(|| {
        pair.mismatch(
            Rule::M3,
            Difference {
                path: format!("{}/{field}", pair.workload.spec_pointer),
                workload: Some(workload.to_string()),
                expected: Some(allowlist.to_string()),
                allowlist_path: format!("/matchingCriteria/{field}"),
                message: format!("`{field}` is {workload} in the workload and {allowlist} in the allowlist"),
                help: format!(
                    "set `{field}: {allowlist}` in the workload, or load an allowlist with `{field}: {workload}`"
                ),
                assumption: (allowlist && !tested).then_some(UNTESTED_EQUALITY),
            },
        )
    });
}

/// M3 for a container's `privileged`.
pub(super) fn untested_equality(allowlist: bool) -> Option<&'static str> {
    allowlist.then_some(UNTESTED_EQUALITY)
}
