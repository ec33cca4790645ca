//! M9: each added capability must be in the entry's `add`; each one that the entry drops must be dropped.

use super::container::ContainerPair;
use super::tally::Tally;
use super::{Difference, listed};
use crate::decision::Rule;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    let (container, allowed) = (pair.container, pair.allowed);
    let name = container.name;
    for (index, capability) in container.added_capabilities.iter().enumerate() {
        if allowed.adds(capability) {
            continue;
        }
        tally.add(|| {
            pair.mismatch(
                Rule::M9,
                Difference {
                    path: pair.path(&format!("/securityContext/capabilities/add/{index}")),
                    workload: Some((*capability).to_owned()),
                    expected: listed(&allowed.added_capabilities),
                    allowlist_path: pair.allowed_path("/securityContext/capabilities/add"),
                    message: format!(
                        "container `{name}` adds the capability `{capability}`, which is not in the allowlist"
                    ),
                    help: format!(
                        "remove `{capability}` from `capabilities.add`, or load a version of the allowlist that adds it"
                    ),
                    assumption: None,
                },
            )
        });
    }
    for (index, capability) in allowed.dropped_capabilities.iter().enumerate() {
        if container.drops(capability) {
            continue;
        }
        tally.add(|| {
            pair.mismatch(
                Rule::M9,
                Difference {
                    path: pair.path("/securityContext/capabilities/drop"),
                    workload: listed(&container.dropped_capabilities),
                    expected: Some((*capability).to_owned()),
                    allowlist_path: pair.allowed_path(&format!("/securityContext/capabilities/drop/{index}")),
                    message: format!("container `{name}` does not drop the capability `{capability}`"),
                    help: format!("add `{capability}` to `capabilities.drop` of container `{name}`"),
                    assumption: None,
                },
            )
        });
    }
}
