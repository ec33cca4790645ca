//! The synchronizers that wait for an allowlist name that another one has.

use std::collections::{BTreeMap, BTreeSet};

use parking_lot::Mutex;

/// The names that synchronizers did not get in their last rounds.
#[derive(Debug, Default)]
pub(crate) struct Conflicts(Mutex<BTreeMap<String, BTreeSet<String>>>);

impl Conflicts {
    /// Records the names that a synchronizer did not get, in place of those of its last round.
    pub(crate) fn record(&self, synchronizer: &str, names: BTreeSet<&str>) {
        let mut waiting = self.0.lock();
        if names.is_empty() {
            waiting.remove(synchronizer);
        } else {
            waiting.insert(synchronizer.to_owned(), names.into_iter().map(str::to_owned).collect());
        }
    }

    /// Returns the synchronizers that wait for a name.
    pub(crate) fn waiting(&self, name: &str) -> Vec<String> {
        let waiting = self.0.lock();
        waiting
            .iter()
            .filter(|(_, names)| names.contains(name))
            .map(|(synchronizer, _)| synchronizer.clone())
            .collect()
    }
}
