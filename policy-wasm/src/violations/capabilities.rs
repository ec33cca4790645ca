//! C5: a container may add only the capabilities of the profile; one violation per container.

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::Profile;
use hallpass_workload::Workload;

/// The runtime class of GKE Sandbox.
const SANDBOX: &str = "gvisor";

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let mut any = false;
    for container in &workload.containers {
        let added = container.added_capabilities.iter().enumerate();
        let mut refused = added.filter(|(_, name)| !profile.permits_capability(name)).peekable();
        let Some((first, _)) = refused.peek().copied() else { continue };
        any = true;
        let names: Vec<&str> = refused.map(|(_, name)| *name).collect();
        let pointer = container.pointer(&workload.spec_pointer);
        found.violated(
            Constraint::DefaultLinuxCapabilities,
            format!("{pointer}/securityContext/capabilities/add/{first}"),
            format!(
                "linux capability '{}' on container '{}' not allowed; Autopilot only allows the capabilities: '{}'.",
                names.join(","),
                container.name,
                profile.capabilities.join(",")
            ),
        );
    }
    if any && workload.runtime_class == Some(SANDBOX) {
        found.assumed_if_denied(
            Rule::C5,
            format!(
                "capabilities are refused like in any other Pod: which ones a Pod with `runtimeClassName: \
                 {SANDBOX}` may add is not public"
            ),
        );
    }
}
