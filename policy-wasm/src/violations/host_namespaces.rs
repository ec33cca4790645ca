//! C2: the Pod may set neither `hostNetwork` nor `hostPID` nor `hostIPC`; one violation for each.

use super::Findings;
use crate::constraint::Constraint;
use hallpass_workload::Workload;

pub(super) fn check(workload: &Workload<'_>, found: &mut Findings) {
    for namespace in &workload.host_namespaces {
        found.violated(
            Constraint::DisallowHostNamespaces,
            format!("{}/{}", workload.spec_pointer, namespace.field()),
            format!("enabling {} is not allowed in Autopilot.", namespace.field()),
        );
    }
}
