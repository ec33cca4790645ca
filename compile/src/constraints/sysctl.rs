//! C9: unsafe sysctls.

use hallpass_policy::{GkeVersion, Profile};

use crate::text::list;

pub(super) fn messages(profile: &Profile, target: Option<GkeVersion>) -> String {
    let later =
        profile.later_sysctls.iter().filter(|later| target.is_some_and(|target| target >= later.version));
    let safe = profile.sysctls.iter().chain(later.map(|later| &later.name));
    let all = "variables.spec.securityContext.sysctls";
    format!(
        "!has(variables.spec.securityContext) || !has({all}) ? [] :\n\
         {all}.filter(sysctl, !(sysctl.name in {})).map(sysctl,\n  \
         'sysctl ' + sysctl.name + ' is not in the safe set of Kubernetes; not allowed in Autopilot.')",
        list(safe.map(String::as_str))
    )
}
