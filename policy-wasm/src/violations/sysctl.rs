//! C9: only the sysctls that the profile lists for the cluster's version. No allowlist exempts from this.

use super::Findings;
use crate::Options;
use crate::constraint::Constraint;
use crate::decision::Rule;
use hallpass_workload::Workload;

pub(super) fn check(workload: &Workload<'_>, options: &Options<'_>, found: &mut Findings) {
    let profile = options.profile;
    for (index, name) in workload.sysctls.iter().enumerate() {
        // Compared literally, as in Pod Security admission: its list does not contain `net/ipv4/x`.
        if profile.sysctls.iter().any(|safe| safe == name) {
            continue;
        }
        let later = profile.later_sysctls.iter().filter(|later| later.name == *name);
        let later = later.min_by_key(|later| later.version);
        if later.zip(options.target).is_some_and(|(later, target)| target >= later.version) {
            continue;
        }
        let before = later.map(|later| format!(" before {}", later.written)).unwrap_or_default();
        found.violated(
            Constraint::UnsafeSysctl,
            format!("{}/securityContext/sysctls/{index}/name", workload.spec_pointer),
            format!("sysctl {name} is not in Kubernetes' safe set{before}; not allowed in Autopilot."),
        );
        if let Some(later) = later {
            let why = match options.target {
                Some(target) => format!("GKE {target} is older, and what GKE itself allows is not public"),
                None => "the cluster's version was not given".to_owned(),
            };
            found.assumed(
                Rule::C9,
                format!("sysctl `{name}` is refused: it is safe since Kubernetes {}; {why}", later.written),
            );
        }
    }
}
