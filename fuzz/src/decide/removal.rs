//! Removing something from an exempted workload never makes it denied, as long as a main container remains.

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Judgement, Options, Verdict, judge};

use crate::value::{each_node, find_mut};

/// The number of removals to try: each costs a copy and a decision.
const REMOVALS: usize = 8;

/// The number of nodes to search for something to remove.
const NODES: usize = 500;

/// The lists of a container, and of its Pod, from which any item may be removed.
const REMOVABLE: [&str; 7] = ["env", "envFrom", "args", "volumeMounts", "add", "volumes", "initContainers"];

pub(super) fn removing_never_denies(
    judgement: &Judgement,
    root: &Value<'_>,
    set: &AllowlistSet<'_>,
    options: &Options<'_>,
) {
    let exempted = |judgement: &Judgement| {
        let all = judgement.workloads.iter().all(|judged| judged.decision.verdict != Verdict::Denied);
        all && judgement.faults.is_empty()
    };
    if !exempted(judgement) || !judgement.workloads.iter().any(|judged| judged.decision.allowlist.is_some()) {
        return;
    }
    for (list, index) in entries(root).into_iter().take(REMOVALS) {
        let mut smaller = root.clone();
        remove(&mut smaller, &list, index);
        let other = judge(&smaller, set, options);
        assert!(exempted(&other), "denied without item {index} of `{list}`: {other:#?}");
    }
}

/// A volume is removed with its mounts, because Kubernetes would reject them without it.
fn remove(root: &mut Value<'_>, list: &str, index: usize) {
    let Some(Value::List(items)) = find_mut(root, list) else { return };
    let removed = items.remove(index);
    let Some((spec, name)) = list.strip_suffix("/volumes").zip(removed.get("name")) else { return };
    for containers in ["containers", "initContainers", "ephemeralContainers"] {
        let Some(Value::List(containers)) = find_mut(root, &format!("{spec}/{containers}")) else { continue };
        for container in containers {
            for uses in ["/volumeMounts", "/volumeDevices"] {
                if let Some(Value::List(uses)) = find_mut(container, uses) {
                    uses.retain(|user| user.get("name") != Some(name));
                }
            }
        }
    }
}

/// Returns what may be removed: a list, and an index.
fn entries(root: &Value<'_>) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    each_node(root, NODES, |pointer, value| {
        let Value::List(items) = value else { return };
        let key = pointer.rsplit('/').next().unwrap_or_default();
        if REMOVABLE.contains(&key) || key == "containers" && items.len() > 1 {
            found.extend((0..items.len()).map(|index| (pointer.to_owned(), index)));
        }
    });
    found
}
