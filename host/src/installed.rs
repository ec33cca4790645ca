//! The names of the allowlists that a cluster has, without their content.

use std::collections::BTreeSet;

use hallpass_policy::{Role, manifests};
use hallpass_report::{Parsed, Problem};

/// The names of the allowlists that a cluster has. None is compiled: the cluster has taken them. An empty list, as kubectl
/// prints it, is an answer; objects of other kinds alone are a mistake.
pub(crate) fn names<'s>(parsed: &'s [Parsed<'s>], errors: &mut Vec<Problem>) -> BTreeSet<&'s str> {
    let mut names = BTreeSet::new();
    for source in parsed {
        let (manifests, faults) = manifests(source.document.root());
        errors.extend(faults.iter().map(|fault| source.problem(fault)));
        let mut none = !manifests.is_empty();
        for manifest in manifests {
            match manifest.role() {
                Ok(Role::Allowlist) => {
                    none = false;
                    names.extend(manifest.name());
                }
                Err(fault) if manifest.is_meant_as_allowlist() => {
                    none = false;
                    errors.push(source.problem(&fault));
                }
                _ => {}
            }
        }
        if none {
            errors.push(
                Problem::new(source.file, "holds no WorkloadAllowlist")
                    .help("give what `kubectl get workloadallowlist -o yaml` prints"),
            );
        }
    }
    names
}
