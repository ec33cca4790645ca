//! What to do with the mismatches that a comparison finds.

use crate::decision::{Mismatch, SHOWN};

/// Receives mismatches. Builds a mismatch only if it keeps it.
pub(super) trait Tally {
    fn add(&mut self, mismatch: impl FnOnce() -> Mismatch);

    /// Whether further mismatches cannot change the result.
    fn is_over(&self) -> bool {
        false
    }
}

/// Whether there is any mismatch.
#[derive(Default)]
pub(super) struct Probe(bool);

impl Tally for Probe {
    fn add(&mut self, _: impl FnOnce() -> Mismatch) {
        self.0 = true;
    }

    fn is_over(&self) -> bool {
        self.0
    }
}

/// Counts mismatches, up to a limit.
pub(super) struct Count {
    pub(super) found: usize,
    pub(super) limit: usize,
}

impl Tally for Count {
    fn add(&mut self, _: impl FnOnce() -> Mismatch) {
        self.found += 1;
    }

    fn is_over(&self) -> bool {
        self.found >= self.limit
    }
}

/// Collects the first mismatches.
#[derive(Default)]
pub(super) struct List(pub(super) Vec<Mismatch>);

impl Tally for List {
    fn add(&mut self, mismatch: impl FnOnce() -> Mismatch) {
        if !self.is_over() {
            self.0.push(mismatch());
        }
    }

    fn is_over(&self) -> bool {
        self.0.len() >= SHOWN
    }
}
