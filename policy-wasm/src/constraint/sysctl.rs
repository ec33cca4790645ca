//! C9: only safe sysctls.

use super::{Constraint, Findings};
use crate::profile::Profile;
use crate::workload::Workload;

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    for (index, name) in workload.sysctls.iter().enumerate() {
        // Kubernetes reads `net/ipv4/x` and `net.ipv4.x` alike (`ConvertSysctlVariableToDotsSeparator`).
        let dotted = name.replace('/', ".");
        if profile.sysctls().contains(&dotted) {
            continue;
        }
        found.violated(
            Constraint::UnsafeSysctl,
            format!("{}/securityContext/sysctls/{index}/name", workload.spec_pointer),
            format!("sysctl {name} is not in Kubernetes' safe set; not allowed in Autopilot."),
        );
    }
}
