//! Checks the paths of synchronizers and their owners.

use std::collections::HashSet;

use hallpass_document::{Diagnostic, Diagnostics};

use super::{allowlist_path, bucket, partner_path, relative_path};
use crate::fleet::paths::{Overlap, overlap};
use crate::fleet::{Fleet, Plan, Synchronizer, words};

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    let synchronizers = &fleet.spec.synchronizers;
    for (index, synchronizer) in synchronizers.iter().enumerate() {
        let at = format!("/spec/synchronizers/{index}");
        bucket(&at, synchronizer.bucket_name.as_deref(), synchronizer.project_number, faults);
        let mut seen = HashSet::new();
        for (index, path) in synchronizer.allowlist_paths.iter().enumerate() {
            let pointer = format!("{at}/allowlistPaths/{index}");
            if !seen.insert(path) {
                faults.error(
                    Diagnostic::new(pointer.clone(), format!("allowlist path `{path}` is listed twice"))
                        .help("remove one of them"),
                );
            }
            allowlist_path(pointer.clone(), path, faults);
            partner_path(pointer, path, synchronizer.bucket_name.as_deref(), faults);
        }
        for (index, file) in synchronizer.allowlist_files.iter().enumerate() {
            relative_path(format!("{at}/allowlistFiles/{index}"), file, faults);
        }
    }
    for (later, one) in synchronizers.iter().enumerate() {
        for (earlier, other) in synchronizers.iter().enumerate().take(later) {
            owners((later, one), (earlier, other), plans, faults);
        }
    }
}

/// Two synchronizers that install the same allowlist undo each other's changes.
fn owners(
    (later, one): (usize, &Synchronizer),
    (earlier, other): (usize, &Synchronizer),
    plans: &[Plan<'_>],
    faults: &mut Diagnostics,
) {
    if (&one.bucket_name, one.project_number) != (&other.bucket_name, other.project_number) {
        return;
    }
    for (index, path) in one.allowlist_paths.iter().enumerate() {
        let overlaps =
            other.allowlist_paths.iter().filter_map(|theirs| Some((theirs, overlap(path, theirs)?)));
        // The certain overlap first: one fault per path is enough.
        let Some((theirs, overlap)) = overlaps.min_by_key(|(_, overlap)| *overlap == Overlap::Likely) else {
            continue;
        };
        let has = |plan: &&Plan<'_>, wanted| plan.synchronizers.iter().any(|(index, _)| *index == wanted);
        let both = plans.iter().filter(|plan| has(plan, later) && has(plan, earlier));
        let Some(clusters) = words::clusters(both.map(|plan| plan.cluster.name.as_str())) else { return };
        let pointer = format!("/spec/synchronizers/{later}/allowlistPaths/{index}");
        let owner = if path == theirs {
            format!("synchronizer `{}`", other.name)
        } else {
            format!("`{theirs}` of synchronizer `{}`", other.name)
        };
        match overlap {
            Overlap::Certain => faults.error(
                Diagnostic::new(pointer, format!("allowlist path `{path}` is also installed by {owner} on {clusters}"))
                    .help("keep it in one synchronizer, or select different clusters"),
            ),
            Overlap::Likely => faults.warn(
                Diagnostic::new(pointer, format!("allowlist path `{path}` may also be installed by {owner} on {clusters}"))
                    .help("GKE does not document whether `*` includes folders below: keep the path in one synchronizer"),
            ),
        }
    }
}
