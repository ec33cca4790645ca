//! C10: no workloads in the namespaces that GKE manages. No allowlist exempts from this.

use super::Findings;
use crate::constraint::Constraint;
use crate::decision::Rule;
use crate::profile::{Profile, listed};
use hallpass_workload::Workload;

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let Some(namespace) = &workload.namespace else { return };
    let name = namespace.name;
    let is_known = listed(&profile.namespaces, name);
    if !is_known && !listed(&profile.assumed_namespaces, name) {
        return;
    }
    found.violated(
        Constraint::ManagedNamespaces,
        namespace.path.clone(),
        format!("the namespace \"{name}\" is managed and the request's verb \"create\" is denied"),
    );
    if !is_known {
        found.assumed(
            Rule::C10,
            format!(
                "namespace `{name}` is refused because of its name: GKE's list of managed namespaces is not public, \
                 and Google's own samples deploy into some with this prefix"
            ),
        );
    }
}
