//! Counts the mismatches that a comparison finds, and keeps them if they are to be listed.

use crate::decision::{Mismatch, SHOWN};

/// The mismatches that were found, up to a limit. One type for all purposes: with a type for each, the Wasm module would
/// contain every comparison several times.
pub(super) struct Tally {
    found: usize,
    limit: usize,
    list: Option<Vec<Mismatch>>,
}

impl Tally {
    /// Counts mismatches, up to `limit`.
    pub(super) fn up_to(limit: usize) -> Self {
        Tally { found: 0, limit, list: None }
    }

    /// Collects the first mismatches.
    pub(super) fn listing() -> Self {
        Tally { found: 0, limit: SHOWN, list: Some(Vec::new()) }
    }

    /// Adds a mismatch. Builds it only if it is listed.
    pub(super) fn add(&mut self, mismatch: impl FnOnce() -> Mismatch) {
        if self.is_over() {
            return;
        }
        self.found += 1;
        if let Some(list) = &mut self.list {
            list.push(mismatch());
        }
    }

    /// Whether further mismatches cannot change the result.
    pub(super) fn is_over(&self) -> bool {
        self.found >= self.limit
    }

    /// Returns the number of mismatches, at most the limit.
    pub(super) fn found(&self) -> usize {
        self.found
    }

    /// Returns the mismatches that were collected.
    pub(super) fn into_list(self) -> Vec<Mismatch> {
        self.list.unwrap_or_default()
    }
}
