//! The names of the allowlists in a cluster, without their contents.

use std::collections::BTreeSet;

use hallpass_policy::{Manifest, Role, manifests};
use hallpass_renderer::status::{FILE_ANNOTATION, allowlist_name, file_path};
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
                    names.extend(names_of(&manifest));
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

/// Returns the names of the allowlists among other objects. The reader of those objects reports errors.
pub(crate) fn names_among<'s>(parsed: &'s [Parsed<'s>]) -> BTreeSet<&'s str> {
    let manifests = parsed.iter().flat_map(|source| manifests(source.document.root()).0);
    manifests.filter(is_allowlist).flat_map(|manifest| names_of(&manifest)).collect()
}

/// Returns the name of an allowlist and, outside GKE, that of its file.
fn names_of<'v>(manifest: &Manifest<'v>) -> impl Iterator<Item = &'v str> + use<'v> {
    let metadata = manifest.value.get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    let file = annotations.and_then(|annotations| annotations.get(FILE_ANNOTATION)?.as_str());
    manifest.name().into_iter().chain(file.map(|file| allowlist_name(file_path(file))))
}

pub(crate) fn is_allowlist(manifest: &Manifest<'_>) -> bool {
    matches!(manifest.role(), Ok(Role::Allowlist))
}
