//! What to add to an allowlist so that it exempts a workload.

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_policy::{Mismatch, Workload};
use hallpass_reader::Document;

use crate::change::Edit;
use crate::pairing::Pairing;

/// Returns additions that resolve mismatches, each with the pointer to an existing list or map; `None` if one of the
/// mismatches cannot be resolved by an addition.
pub(super) fn additions(
    workload: &Workload<'_>,
    document: &Document<'_>,
    mismatches: &[Mismatch],
) -> Option<Vec<(String, Value<'static>)>> {
    let pairing = Pairing { workload, document, root: "" };
    let mut found = Vec::new();
    let mut whole = BTreeSet::new();
    for mismatch in mismatches {
        let container = pairing.container(&mismatch.path).map(|(container, _)| container);
        let edit = match pairing.edit(mismatch, None) {
            Some(edit @ Edit::Add(..)) => edit,
            // Equality: the entry stays for others, and the container gets its own.
            Some(Edit::Set(..)) | None => pairing.whole(container?)?,
        };
        let container = container.map(|container| container.pointer(""));
        if let (Edit::Add(list, _), Some(container)) = (&edit, &container)
            && is_list_of_containers(list)
        {
            whole.insert(container.clone());
        }
        found.push((container, edit));
    }
    // Nothing else is needed in the entry with which the container was compared.
    found.retain(|(container, edit)| match (container, edit) {
        (Some(container), Edit::Add(list, _)) => is_list_of_containers(list) || !whole.contains(container),
        _ => true,
    });
    found.into_iter().map(|(_, edit)| pairing.located(edit)).collect()
}

fn is_list_of_containers(list: &str) -> bool {
    matches!(list, "/matchingCriteria/containers" | "/matchingCriteria/initContainers")
}
