//! C1: no container may set `securityContext.privileged: true`; one violation per container.

use super::Findings;
use crate::constraint::Constraint;
use hallpass_workload::Workload;

pub(super) fn check(workload: &Workload<'_>, found: &mut Findings) {
    for container in workload.containers.iter().filter(|container| container.privileged) {
        found.violated(
            Constraint::DisallowPrivilege,
            format!("{}/securityContext/privileged", container.pointer(&workload.spec_pointer)),
            format!("container {} is privileged; not allowed in Autopilot", container.name),
        );
    }
}
