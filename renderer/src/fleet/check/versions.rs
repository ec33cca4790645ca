//! Checks what a cluster's version supports, according to GKE's troubleshooting page and reference.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::GkeVersion;

use crate::fleet::{Installer, Plan, words};

/// The first version with AllowlistSynchronizers, according to GKE's how-to.
const SYNCHRONIZERS: GkeVersion = GkeVersion::new(1, 32, 2, 1_652_000);
/// The first version on which several synchronizers are sure to install.
const SEVERAL: GkeVersion = GkeVersion::new(1, 33, 4, 1_035_000);
/// The first version that supports customers' buckets.
const BUCKETS: GkeVersion = GkeVersion::new(1, 35, 0, 0);

pub(super) fn check(plans: &[Plan<'_>], faults: &mut Diagnostics) {
    let (mut none, mut several) = (Vec::new(), Vec::new());
    let mut buckets: BTreeMap<usize, (&str, Vec<&str>)> = BTreeMap::new();
    let by_gke = |(_, plan): &(usize, &Plan<'_>)| plan.cluster.synchronizer == Installer::Gke;
    for (index, plan) in plans.iter().enumerate().filter(by_gke) {
        let Some(version) = plan.cluster.version() else { continue };
        let cluster = plan.cluster.name.as_str();
        if version < SYNCHRONIZERS && !plan.synchronizers.is_empty() {
            none.push((index, cluster));
            continue;
        }
        if version < SEVERAL && plan.synchronizers.len() > 1 {
            several.push((index, cluster));
        }
        let with_bucket =
            plan.synchronizers.iter().filter(|(_, synchronizer)| synchronizer.bucket_name.is_some());
        for (index, synchronizer) in with_bucket.filter(|_| version < BUCKETS) {
            buckets.entry(*index).or_insert((&synchronizer.name, Vec::new())).1.push(cluster);
        }
    }
    let version_of = |index: usize| format!("/spec/clusters/{index}/gkeVersion");
    let named = |clusters: &[(usize, &str)]| {
        let names = words::clusters(clusters.iter().map(|(_, name)| *name))?;
        Some((version_of(clusters.first()?.0), names))
    };
    if let Some((pointer, clusters)) = named(&none) {
        faults.error(
            Diagnostic::new(
                pointer,
                format!("{clusters} cannot have a synchronizer: GKE is older than `{SYNCHRONIZERS}`"),
            )
            .help("upgrade, or do not select clusters this old"),
        );
    }
    if let Some((pointer, clusters)) = named(&several) {
        faults.warn(
            Diagnostic::new(
                pointer,
                format!(
                    "several synchronizers may fail to install on {clusters}: GKE is older than `{SEVERAL}`"
                ),
            )
            .help("upgrade, or list all paths in one synchronizer"),
        );
    }
    for (index, (synchronizer, clusters)) in buckets {
        let Some(clusters) = words::clusters(clusters) else { continue };
        faults.error(
            Diagnostic::new(
                format!("/spec/synchronizers/{index}/bucketName"),
                format!(
                    "synchronizer `{synchronizer}` cannot read a bucket on {clusters}: GKE is older than 1.35"
                ),
            )
            .help("upgrade, or select only newer clusters"),
        );
    }
}
