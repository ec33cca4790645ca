//! C9: no container may set `procMount: Unmasked`. No allowlist exempts from this.

use super::Findings;
use crate::constraint::Constraint;
use hallpass_workload::Workload;

pub(super) fn check(workload: &Workload<'_>, found: &mut Findings) {
    for container in workload.containers.iter().filter(|container| container.unmasked_proc) {
        found.violated(
            Constraint::ProcMount,
            format!("{}/securityContext/procMount", container.pointer(&workload.spec_pointer)),
            format!(
                "container {} sets procMount to Unmasked, which is not allowed in Autopilot.",
                container.name
            ),
        );
    }
}
