//! Random workloads and allowlists, as JSON: what the laws of the decision and the comparison of engines draw from.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "only tests use this, and they are to fail at once when a sample is not shaped as it should be"
)]

mod change;
mod exempted;
mod tree;

pub use change::{
    Listed, Unlisted, add_to_allowlist, add_to_workload, entries, forbid, label, remove, replace, shuffled,
};
pub use exempted::{Exempted, exempted};
pub use tree::{odd_pair, tree};
