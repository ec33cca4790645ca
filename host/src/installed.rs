//! The names of the allowlists in a cluster, without their contents.

use std::collections::BTreeSet;

use hallpass_policy::{Role, manifests};
use hallpass_report::{Parsed, Problem};

/// Returns the names of the allowlists in a cluster. They are not compiled, because the cluster has accepted them. An
/// empty list, as printed by kubectl, is valid; only objects of other kinds are an error.
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
                Problem::new(source.file, "contains no WorkloadAllowlist")
                    .help("pass the output of `kubectl get workloadallowlist -o yaml`"),
            );
        }
    }
    names
}
