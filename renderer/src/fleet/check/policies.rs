//! Checks policies against each other, and against what synchronizers install.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::synchronizer::{AllowedPath, Requested, admits};

use super::{allowlist_path, bucket, partner_path};
use crate::admission::{LONGEST_EXPRESSION, MOST_PATHS, longest_expression};
use crate::fleet::paths::allowlist_path_fault;
use crate::fleet::{Fleet, Plan, Policy, Rule, Synchronizer, words};
use crate::policy;

/// Clusters by pairs of list indices that both apply to them.
type Meetings<'f> = BTreeMap<(usize, usize), Vec<&'f str>>;

pub(super) fn check(fleet: &Fleet, plans: &[Plan<'_>], faults: &mut Diagnostics) {
    for (index, policy) in fleet.spec.policies.iter().enumerate() {
        size(index, policy, faults);
        let Rule::Allow(entries) = &policy.rule else { continue };
        for (entry, allowed) in entries.iter().enumerate() {
            let at = format!("/spec/policies/{index}/allow/{entry}");
            bucket(&at, allowed.bucket_name.as_deref(), allowed.project_number, faults);
            allowlist_path(format!("{at}/path"), &allowed.path, faults);
            partner_path(format!("{at}/path"), &allowed.path, allowed.bucket_name.as_deref(), faults);
        }
    }
    let (mut duplicates, mut judged) = (Meetings::new(), Meetings::new());
    for plan in plans {
        let cluster = plan.cluster.name.as_str();
        let mut policies = plan.policies.iter().map(|(index, _)| *index);
        let Some(first) = policies.next() else { continue };
        for later in policies {
            duplicates.entry((later, first)).or_default().push(cluster);
        }
        for (policy, _) in &plan.policies {
            for (synchronizer, _) in &plan.synchronizers {
                judged.entry((*policy, *synchronizer)).or_default().push(cluster);
            }
        }
    }
    let spec = &fleet.spec;
    for ((later, first), clusters) in duplicates {
        let (Some(later_policy), Some(first)) = (spec.policies.get(later), spec.policies.get(first)) else {
            continue;
        };
        let Some(clusters) = words::clusters(clusters) else { continue };
        faults.error(
            Diagnostic::new(
                format!("/spec/policies/{later}/clusters"),
                format!(
                    "policy `{}` and policy `{}` both apply to {clusters}",
                    later_policy.name, first.name
                ),
            )
            .help("a cluster can have only one policy: narrow a selector, or merge the policies"),
        );
    }
    for ((policy, index), clusters) in judged {
        let (Some(policy), Some(synchronizer)) = (spec.policies.get(policy), spec.synchronizers.get(index))
        else {
            continue;
        };
        let Some(clusters) = words::clusters(clusters) else { continue };
        match &policy.rule {
            Rule::Forbid(_) => faults.error(
                Diagnostic::new(
                    format!("/spec/synchronizers/{index}/clusters"),
                    format!(
                        "synchronizer `{}` is installed on {clusters}, where policy `{}` forbids allowlists",
                        synchronizer.name, policy.name
                    ),
                )
                .help("select different clusters"),
            ),
            Rule::Allow(entries) => unlisted((index, synchronizer), &policy.name, entries, &clusters, faults),
        }
    }
}

/// A policy that Kubernetes would refuse.
fn size(index: usize, policy: &Policy, faults: &mut Diagnostics) {
    let [object, _] = policy::objects(policy);
    let longest = longest_expression(&object);
    if longest > LONGEST_EXPRESSION {
        faults.error(
            Diagnostic::new(
                format!("/spec/policies/{index}"),
                format!(
                    "policy `{}` is too long: one of its expressions would have {longest} characters, and Kubernetes \
                     allows {LONGEST_EXPRESSION}",
                    policy.name
                ),
            )
            .help("allow folders, `dir/*`, instead of single files, and exempt groups instead of single users"),
        );
    }
}

fn unlisted(
    (index, synchronizer): (usize, &Synchronizer),
    policy: &str,
    entries: &[AllowedPath],
    clusters: &str,
    faults: &mut Diagnostics,
) {
    if synchronizer.bucket_name.is_some() != synchronizer.project_number.is_some() {
        return;
    }
    let count = synchronizer.allowlist_paths.len();
    if count > MOST_PATHS {
        faults.error(
            Diagnostic::new(
                format!("/spec/synchronizers/{index}/allowlistPaths"),
                format!(
                    "synchronizer `{}` has {count} paths on {clusters}, and policy `{policy}` can evaluate at most \
                     {MOST_PATHS}",
                    synchronizer.name
                ),
            )
            .help("name folders, `dir/*`, instead of single files, or split the synchronizer"),
        );
    }
    for (path_index, path) in synchronizer.allowlist_paths.iter().enumerate() {
        let (paths, bucket_name) = ([path.as_str()], synchronizer.bucket_name.as_deref());
        let requested = Requested { paths: &paths, bucket_name, project_number: synchronizer.project_number };
        // An invalid path has already been reported.
        if allowlist_path_fault(path).is_some() || admits(entries, &requested).is_ok() {
            continue;
        }
        let help = match (&synchronizer.bucket_name, synchronizer.project_number) {
            (Some(bucket), Some(project)) => format!(
                "add `{path}` to its `allow`, with `bucketName: {bucket}` and `projectNumber: {project}`, or select \
                 different clusters"
            ),
            _ => format!("add `{path}` to its `allow`, or select different clusters"),
        };
        faults.error(
            Diagnostic::new(
                format!("/spec/synchronizers/{index}/allowlistPaths/{path_index}"),
                format!("policy `{policy}` does not allow `{path}` on {clusters}"),
            )
            .help(help),
        );
    }
}
