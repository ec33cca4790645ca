//! M1: an allowlist can match only if it exempts from every constraint that the workload violates, and if the
//! cluster is not older than its `minGKEVersion`.

use super::tally::Tally;
use super::{Difference, Pair, listed};
use crate::decision::{Assumption, Rule};

pub(super) fn compare(pair: &Pair<'_, '_, '_>, tally: &mut Tally) {
    let allowlist = pair.allowlist;
    compare_exemptions(pair, tally);
    if let (Some(minimum), Some(target)) = (allowlist.min_gke_version, pair.target)
        && minimum > target
    {
        tally.add(|| {
            pair.mismatch(
                Rule::M1,
                Difference {
                    path: pair.workload.pointer.clone(),
                    workload: Some(target.to_string()),
                    expected: Some(format!("{minimum} or later")),
                    allowlist_path: "/minGKEVersion".to_owned(),
                    message: format!("the allowlist needs GKE {minimum}, but the cluster runs {target}"),
                    help: format!(
                        "upgrade the cluster to {minimum}, or load an allowlist for older clusters"
                    ),
                    assumption: None,
                },
            )
        });
    }
}

fn compare_exemptions(pair: &Pair<'_, '_, '_>, tally: &mut Tally) {
    let allowlist = pair.allowlist;
    let mut last = None;
    // Violations are grouped by constraint: the first one represents the others.
    let firsts = pair
        .violations
        .iter()
        .filter(|violation| last.replace(violation.constraint) != Some(violation.constraint));
    let (exemptible, final_ones): (Vec<_>, Vec<_>) =
        firsts.partition(|violation| violation.constraint.is_exemptible());
    for violation in exemptible {
        if allowlist.exemptions.has(violation.constraint) {
            continue;
        }
        let id = violation.constraint.id();
        tally.add(|| {
            pair.mismatch(
                Rule::M1,
                Difference {
                    path: violation.path.clone(),
                    workload: Some(id.to_owned()),
                    expected: listed(
                        &allowlist.exemptions.iter().map(|constraint| constraint.id()).collect::<Vec<_>>(),
                    ),
                    allowlist_path: "/exemptions".to_owned(),
                    message: format!("the allowlist does not exempt from `{id}`"),
                    help: format!(
                        "change the workload so that it no longer violates `{id}`, or load a version of the \
                         allowlist that exempts from it"
                    ),
                    assumption: None,
                },
            )
        });
    }
    if let Some(first) = final_ones.first() {
        tally.add(|| {
            let ids = final_ones.iter().map(|violation| format!("`{}`", violation.constraint.id()));
            let ids = ids.collect::<Vec<_>>().join(", ");
            pair.mismatch(
                Rule::M1,
                Difference {
                    path: first.path.clone(),
                    workload: None,
                    expected: None,
                    allowlist_path: "/exemptions".to_owned(),
                    message: format!("no allowlist can exempt from {ids}"),
                    help: format!("change the workload so that it no longer violates {ids}"),
                    assumption: None,
                },
            )
        });
    }
}

pub(super) fn assume(pair: &Pair<'_, '_, '_>, assumptions: &mut Vec<Assumption>) {
    if let (Some(minimum), None) = (pair.allowlist.min_gke_version, pair.target) {
        assumptions.push(Assumption {
            rule: Rule::M1,
            message: format!(
                "the cluster runs GKE {minimum} or later, as `{}` requires: the cluster's version was not given",
                pair.allowlist.name
            ),
        });
    }
}

/// Removes the version from a name: `agent-v1.0.1` and `agent-1.40-v2` are versions of `agent`.
#[must_use]
pub fn version_suffix_stripped(name: &str) -> &str {
    let mut stem = name;
    while let Some((head, tail)) = stem.rsplit_once('-') {
        let digits = tail.strip_prefix('v').unwrap_or(tail);
        let is_version =
            digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if !is_version || head.is_empty() {
            break;
        }
        stem = head;
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::version_suffix_stripped;

    #[test]
    fn strips_versions_as_partners_write_them() {
        for (name, stem) in [
            ("datadog-datadog-daemonset-exemption-v1.0.1", "datadog-datadog-daemonset-exemption"),
            ("armo-kubescape-node-agent-1.40-v2", "armo-kubescape-node-agent"),
            ("newrelic-nr-ebpf-agent-hostnet-on", "newrelic-nr-ebpf-agent-hostnet-on"),
            ("v1", "v1"),
            ("-1", "-1"),
            ("agent-v", "agent-v"),
        ] {
            assert_eq!(version_suffix_stripped(name), stem);
        }
    }
}
