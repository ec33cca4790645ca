//! C10: no workload in a namespace that GKE manages.

use super::{Constraint, Findings};
use crate::profile::Profile;
use crate::workload::Workload;

pub(super) fn check(workload: &Workload<'_>, profile: &Profile, found: &mut Findings) {
    let Some(namespace) = &workload.namespace else { return };
    let name = namespace.name;
    let managed = profile.namespaces().iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    });
    if managed {
        found.violated(
            Constraint::ManagedNamespaces,
            namespace.path.clone(),
            format!("the namespace \"{name}\" is managed and the request's verb \"create\" is denied"),
        );
    }
}
