//! Workloads that are denied for the same reasons: the reasons are shown once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hallpass_policy::Verdict;

use super::super::Outcome;
use super::Detail;

/// Returns each outcome with the later ones that differ only in their places.
pub(super) fn of(results: &[Outcome], detail: Detail) -> Vec<(&Outcome, Vec<&Outcome>)> {
    let mut groups: Vec<(&Outcome, Vec<&Outcome>)> = Vec::new();
    let mut firsts = HashMap::new();
    for outcome in results {
        if outcome.verdict == Verdict::Denied && !outcome.excepted && detail != Detail::Verbose {
            match firsts.entry(reasons(outcome)) {
                Entry::Vacant(entry) => {
                    entry.insert(groups.len());
                }
                Entry::Occupied(entry) => {
                    if let Some((_, others)) = groups.get_mut(*entry.get()) {
                        others.push(outcome);
                        continue;
                    }
                }
            }
        }
        groups.push((outcome, Vec::new()));
    }
    groups
}

/// Everything that is shown of a denial, except where it is.
pub(super) type Reasons<'o> = [Vec<&'o str>; 4];

pub(super) fn reasons(outcome: &Outcome) -> Reasons<'_> {
    let mismatches = outcome.mismatches.iter().flat_map(|it| {
        let change = it.allowlist_change.as_ref().map_or("", |change| &change.yaml);
        [it.allowlist.as_str(), &it.message, &it.help, it.pitfall.as_deref().unwrap_or_default(), change]
    });
    let violations = outcome.violations.iter().flat_map(|it| {
        let exception = it.exception.as_ref();
        let expires = exception.and_then(|it| it.expires.as_deref());
        let reason = exception.map_or("", |it| &it.reason);
        [it.constraint, &it.message, reason, expires.unwrap_or_default()]
    });
    [
        violations.collect(),
        mismatches.collect(),
        outcome.assumptions.iter().map(|it| it.message.as_str()).collect(),
        outcome.notes.iter().map(String::as_str).collect(),
    ]
}
