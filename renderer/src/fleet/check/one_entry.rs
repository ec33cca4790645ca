//! Checks that each cluster with a setting is selected by one entry of the list for this setting.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Diagnostics};

use super::selected_twice;
use crate::fleet::{Cluster, Selector};

/// A list for clusters with a setting.
pub(super) struct OneEntry<'f> {
    /// The name of the list.
    pub(super) list: &'static str,
    /// The selectors of its entries.
    pub(super) selectors: Vec<&'f Selector>,
    /// The field of a cluster, and the value with which it needs an entry.
    pub(super) setting: (&'static str, &'static str),
    /// Whether a cluster has this value.
    pub(super) has: fn(&Cluster) -> bool,
    /// What an entry must contain, for the help line.
    pub(super) with: &'static str,
}

impl OneEntry<'_> {
    pub(super) fn check(&self, clusters: &[Cluster], faults: &mut Diagnostics) {
        let OneEntry { list, selectors, setting: (field, value), has, with } = self;
        for (index, selector) in selectors.iter().enumerate() {
            let selected = || clusters.iter().filter(|cluster| selector.selects(cluster));
            if selected().next().is_some() && !selected().any(has) {
                let message = format!("this entry selects no cluster with `{field}: {value}`");
                faults.error(
                    Diagnostic::new(format!("/spec/{list}/{index}/clusters"), message)
                        .help("add it to the intended clusters, or remove the entry"),
                );
            }
        }
        let mut duplicates: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (index, cluster) in clusters.iter().enumerate().filter(|(_, cluster)| has(cluster)) {
            let mut entries = selectors.iter().enumerate().filter(|(_, selector)| selector.selects(cluster));
            if entries.next().is_none() {
                let message = format!("no entry of `{list}` selects cluster `{}`", cluster.name);
                faults.error(
                    Diagnostic::new(format!("/spec/clusters/{index}/{field}"), message)
                        .help(format!("add one that selects it, with {with}")),
                );
            }
            entries.for_each(|(entry, _)| duplicates.entry(entry).or_default().push(&cluster.name));
        }
        selected_twice(list, duplicates, faults, |clusters| {
            (
                format!("this entry selects {clusters}, which another entry already selects"),
                format!("select each cluster in only one entry of `{list}`"),
            )
        });
    }
}
