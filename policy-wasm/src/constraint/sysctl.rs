//! C9: only safe sysctls.

use super::{Constraint, Findings};
use crate::profile::Profile;
use crate::workload::Workload;

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    for (index, name) in workload.sysctls.iter().enumerate() {
        // Literally, as Pod Security compares: `net/ipv4/x` is not in its list.
        if profile.sysctls().iter().any(|safe| safe == name) {
            continue;
        }
        found.violated(
            Constraint::UnsafeSysctl,
            format!("{}/securityContext/sysctls/{index}/name", workload.spec_pointer),
            format!("sysctl {name} is not in Kubernetes' safe set; not allowed in Autopilot."),
        );
    }
}
