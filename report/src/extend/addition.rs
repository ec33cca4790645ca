//! The additions with which an allowlist exempts a workload.

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_policy::{Mismatch, Workload};
use hallpass_reader::Document;

use crate::change::Edit;
use crate::pairing::Pairing;

/// Returns additions that resolve mismatches, each with the pointer to an existing list or map. The error is the mismatch
/// that no addition resolves.
pub(super) fn additions<'m>(
    workload: &Workload<'_>,
    document: &Document<'_>,
    mismatches: &'m [Mismatch],
) -> Result<Vec<(String, Value<'static>)>, &'m Mismatch> {
    let pairing = Pairing { workload, document, root: "" };
    let mut found = Vec::new();
    let mut whole = BTreeSet::new();
    for mismatch in mismatches {
        let container = pairing.container(&mismatch.path).map(|(container, _)| container);
        let edit = match pairing.edit(mismatch, None) {
            Some(edit @ Edit::Add(..)) => edit,
            // The rule requires equality: the entry stays for other containers, and this one gets its own.
            Some(Edit::Set(..)) | None => {
                container.and_then(|container| pairing.whole(container)).ok_or(mismatch)?
            }
        };
        let container = container.map(|container| container.pointer(""));
        if let (Edit::Add(list, _), Some(container)) = (&edit, &container)
            && is_list_of_containers(list)
        {
            whole.insert(container.clone());
        }
        found.push((mismatch, container, edit));
    }
    // The entry with which the container was compared needs no other additions.
    found.retain(|(_, container, edit)| match (container, edit) {
        (Some(container), Edit::Add(list, _)) => is_list_of_containers(list) || !whole.contains(container),
        _ => true,
    });
    found.into_iter().map(|(mismatch, _, edit)| pairing.located(edit).ok_or(mismatch)).collect()
}

fn is_list_of_containers(list: &str) -> bool {
    matches!(list, "/matchingCriteria/containers" | "/matchingCriteria/initContainers")
}
