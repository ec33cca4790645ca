//! What becomes of the mismatches that a comparison finds.

use crate::decision::{Mismatch, SHOWN};

/// Receives mismatches; builds one only when it keeps it.
pub(super) trait Tally {
    fn add(&mut self, mismatch: impl FnOnce() -> Mismatch);

    /// Nothing that is still to come can change the answer.
    fn is_over(&self) -> bool {
        false
    }
}

/// Is there any?
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

/// How many are there, if fewer than a limit?
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

/// Which are the first?
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
