//! Pairs the workloads of two sides that are versions of each other.

use std::collections::{HashMap, VecDeque};

use crate::output::Outcome;

/// Two versions of a workload; one of them may be missing.
type Pair<'o> = (Option<&'o Outcome>, Option<&'o Outcome>);

/// Pairs workloads by kind, namespace, name and variant. Of several equal ones, the first is paired with the first. The
/// order is that of the new side; removed workloads are last.
pub(super) fn pairs<'o>(old: &'o [Outcome], new: &'o [Outcome]) -> Vec<Pair<'o>> {
    let mut waiting: HashMap<_, VecDeque<usize>> = HashMap::new();
    for (index, outcome) in old.iter().enumerate() {
        waiting.entry(identity(outcome)).or_default().push_back(index);
    }
    let mut pairs: Vec<Pair<'o>> = Vec::with_capacity(new.len());
    for outcome in new {
        let partner = waiting.get_mut(&identity(outcome)).and_then(VecDeque::pop_front);
        pairs.push((partner.and_then(|index| old.get(index)), Some(outcome)));
    }
    let mut removed: Vec<usize> = waiting.into_values().flatten().collect();
    removed.sort_unstable();
    pairs.extend(removed.into_iter().map(|index| (old.get(index), None)));
    pairs
}

fn identity(outcome: &Outcome) -> (&str, Option<&str>, Option<&str>, Option<&str>) {
    let Outcome { kind, namespace, name, variant, .. } = outcome;
    (kind, namespace.as_deref(), name.as_deref(), variant.as_deref())
}
