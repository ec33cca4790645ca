//! C9: no Windows host processes. No allowlist exempts from this.

use super::Findings;
use crate::constraint::Constraint;
use hallpass_workload::Workload;

pub(super) fn check(workload: &Workload<'_>, found: &mut Findings) {
    const FIELD: &str = "securityContext/windowsOptions/hostProcess";
    if workload.host_process {
        found.violated(
            Constraint::HostProcess,
            format!("{}/{FIELD}", workload.spec_pointer),
            "the Pod runs its containers as host processes; not allowed in Autopilot.".to_owned(),
        );
    }
    for container in workload.containers.iter().filter(|container| container.host_process) {
        found.violated(
            Constraint::HostProcess,
            format!("{}/{FIELD}", container.pointer(&workload.spec_pointer)),
            format!("container {} runs as a host process; not allowed in Autopilot.", container.name),
        );
    }
}
