//! Explains a denial: the nearest allowlists, every mismatch, and what to change.

use crate::allowlist::{Allowlist, AllowlistSet};
use crate::decision::{Assumption, Compared, Mismatch, Rule};
use crate::matching::{Distance, Pair, version_suffix_stripped};
use hallpass_document::sorted;
use hallpass_workload::MatchingLabel;

/// The number of allowlists that a denial explains.
const EXPLAINED: usize = 3;

/// The note on a denial without a label, which matters on GKE alone.
pub const UNLABELLED: &str = "without the label `cloud.google.com/matching-allowlist` GKE itself would print only the \
                              constraints, not these mismatches";

/// The note on a denial that no allowlist is likely to lift.
const UNRELATED: &str = "no loaded allowlist is for this workload: none has a container with the name or image of one of its containers";

/// The explanation of a denial, in addition to its violations.
#[derive(Debug, Default)]
pub(crate) struct Explanation {
    pub(crate) compared: Vec<Compared>,
    pub(crate) mismatches: Vec<Mismatch>,
    pub(crate) assumptions: Vec<Assumption>,
    pub(crate) notes: Vec<String>,
}

/// Explains a denial. `pair` says how to compare the workload with an allowlist.
pub(crate) fn explain<'s, 'w: 's, 'a>(
    set: &'s AllowlistSet<'a>,
    label: Option<&MatchingLabel<'w>>,
    pair: impl Fn(&'s Allowlist<'a>) -> Pair<'s, 'w, 'a>,
) -> Explanation {
    let mut explanation = Explanation::default();
    let labelled = label.and_then(|label| set.named(label.allowlist));
    let mut distances = Vec::new();
    let mut ranks = Vec::new();
    for (place, allowlist) in set.iter().enumerate() {
        let distance = pair(allowlist).distance();
        let is_labelled = labelled.map(|labelled| labelled.name == allowlist.name);
        let related = is_labelled == Some(true) || pair(allowlist).is_related();
        // The set is sorted by name.
        ranks.push((is_labelled == Some(false), !related, distance.mismatches, place));
        distances.push((distance, allowlist));
    }
    let mut ranked = Vec::new();
    for (_, unrelated, mismatches, place) in sorted(ranks) {
        let Some(compared) = distances.get(place) else { continue };
        if ranked.len() < EXPLAINED {
            explanation.compared.push(Compared {
                allowlist: compared.1.name.to_owned(),
                considered: pair(compared.1).considered,
                related: !unrelated,
                mismatches: mismatches.max(1),
            });
        }
        ranked.push(compared);
    }
    let unrelated = explanation.compared.first().is_some_and(|nearest| !nearest.related);
    if let (Some(label), None) = (label, labelled) {
        let near = ranked.iter().find(|(_, allowlist)| same_partner(label.allowlist, allowlist.name));
        explanation.mismatches.push(not_loaded(label, near.map(|(_, allowlist)| allowlist.name)));
    }
    for (distance, allowlist) in ranked.iter().take(EXPLAINED) {
        if distance.mismatches == 0 {
            explanation.mismatches.extend(label.map(|label| other_label(label, allowlist)));
            continue;
        }
        let mismatches = pair(allowlist).mismatches(distance);
        let unshown = distance.mismatches.saturating_sub(mismatches.len());
        if unshown > 0 {
            let name = allowlist.name;
            explanation.notes.push(format!("{unshown} more mismatches with `{name}` are not shown"));
        }
        // Another interpretation could have admitted the workload only if every reason is an assumption of ours.
        let rests_on_choices =
            mismatches.iter().all(|mismatch| mismatch.considered && mismatch.assumption.is_some());
        if unshown == 0 && rests_on_choices {
            explanation.assumptions.extend(mismatches.iter().filter_map(|mismatch| {
                let message = mismatch.assumption.clone()?;
                Some(Assumption { rule: mismatch.rule, message })
            }));
        }
        explanation.mismatches.extend(mismatches);
    }
    match label {
        None if ranked.is_empty() => {}
        None => explanation.notes.push(if unrelated { UNRELATED } else { UNLABELLED }.to_owned()),
        Some(label) => {
            // If the named allowlist is absent, its mismatch already says so.
            let other = labelled.and_then(|_| note_other_version(label, &ranked));
            explanation.notes.extend(other);
            if !label.on_template {
                explanation.assumptions.extend(assume_label(set, pair));
            }
        }
    }
    explanation
}

/// Suggests a loaded allowlist for the label.
fn note_other_version(label: &MatchingLabel<'_>, ranked: &[&(Distance, &Allowlist<'_>)]) -> Option<String> {
    let mut matching = ranked.iter().filter(|(distance, _)| distance.mismatches == 0);
    let (_, other) = matching.find(|(_, other)| same_partner(label.allowlist, other.name))?;
    Some(format!(
        "`{0}`, another version of `{1}`, is loaded and matches: set the label to `{0}`",
        other.name, label.allowlist
    ))
}

/// A label only on the object: if it had no effect there, every allowlist would be considered, and names would not
/// count.
fn assume_label<'s, 'w: 's, 'a>(
    set: &'s AllowlistSet<'a>,
    pair: impl Fn(&'s Allowlist<'a>) -> Pair<'s, 'w, 'a>,
) -> Option<Assumption> {
    let matching = set.iter().find(|allowlist| {
        let unlabelled = Pair { names_count: false, considered: true, ..pair(allowlist) };
        unlabelled.matches().is_some()
    })?;
    Some(Assumption {
        rule: Rule::M2,
        message: format!(
            "only the object has the label `cloud.google.com/matching-allowlist`, not its Pod template; if it has \
             no effect there, `{}` matches",
            matching.name
        ),
    })
}

/// Whether two names are versions of the same allowlist.
fn same_partner(one: &str, other: &str) -> bool {
    version_suffix_stripped(one) == version_suffix_stripped(other)
}

fn not_loaded(label: &MatchingLabel<'_>, other_version: Option<&str>) -> Mismatch {
    let name = label.allowlist;
    let help = match other_version {
        Some(version) => format!("load `{name}`, or set the label to `{version}`, which is loaded"),
        None => format!("load `{name}`, or remove the label to have every loaded allowlist considered"),
    };
    Mismatch {
        allowlist: name.to_owned(),
        considered: true,
        rule: Rule::M2,
        path: label.path.clone(),
        workload: Some(name.to_owned()),
        expected: None,
        allowlist_path: None,
        message: format!("the label names the allowlist `{name}`, which is not loaded"),
        help,
        assumption: None,
        shared: false,
    }
}

fn other_label(label: &MatchingLabel<'_>, allowlist: &Allowlist<'_>) -> Mismatch {
    let name = allowlist.name;
    Mismatch {
        allowlist: name.to_owned(),
        considered: false,
        rule: Rule::M2,
        path: label.path.clone(),
        workload: Some(label.allowlist.to_owned()),
        expected: Some(name.to_owned()),
        allowlist_path: Some("/metadata/name".to_owned()),
        message: format!("`{name}` matches, but the label names `{}`", label.allowlist),
        help: format!("set the label to `{name}`"),
        assumption: None,
        shared: false,
    }
}
