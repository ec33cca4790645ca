//! Random workloads and allowlists as JSON, for property tests of the decision and for the comparison of engines.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "only tests use this, and they must fail immediately if a sample is malformed"
)]

mod change;
mod exempted;
mod tree;

pub use change::{
    Listed, Unlisted, add_to_allowlist, add_to_workload, entries, forbid, label, remove, replace, shuffled,
};
pub use exempted::{Exempted, exempted};
pub use tree::{odd_pair, tree};
