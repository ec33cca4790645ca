//! Workloads near the border between exempted and denied.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value as Json;

use crate::{Exempted, Unlisted, add_to_workload, exempted, forbid, label, shuffled};

/// Returns the allowlists of a cluster, and a Pod that one of them exempts, or nearly so.
pub fn nearly_exempted() -> impl Strategy<Value = (Vec<Json>, Json)> {
    let strategy = (
        exempted(),
        exempted(),
        prop::collection::vec((add_to_workload(), any::<Index>()), 0..2),
        select(vec!["", "acme-agent", "other", "missing"]),
        any::<(bool, u64)>(),
    );
    strategy.prop_map(|(exempted, other, changes, labelled, (forbids, seed))| {
        near(exempted, other, &changes, labelled, forbids, seed)
    })
}

/// Returns the allowlists of a Pod and of another one, and the Pod in another order, with changes.
#[must_use]
pub fn near(
    exempted: Exempted,
    other: Exempted,
    changes: &[(Unlisted, Index)],
    labelled: &str,
    forbids: bool,
    seed: u64,
) -> (Vec<Json>, Json) {
    let Exempted { workload, allowlist } = exempted;
    let mut workload = shuffled(&workload, seed);
    for (what, which) in changes {
        what.apply(&mut workload, *which);
    }
    if !labelled.is_empty() {
        label(&mut workload, labelled);
    }
    if forbids {
        forbid(&mut workload);
    }
    let mut other = other.allowlist;
    other["metadata"]["name"] = "other".into();
    (vec![allowlist, other], workload)
}
