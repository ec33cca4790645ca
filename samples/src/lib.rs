//! Random workloads and allowlists as JSON, for property tests. Only tests depend on this crate.
//!
//! - The properties of the decision (`policy-wasm/tests/laws.rs`): [`exempted`] draws a Pod and an allowlist that exempts
//!   it, and the functions of `change` alter one of them with a known effect. Removing an argument from the Pod, for
//!   example, must not lead to a denial.
//! - The engines must agree on every document (`host/tests/it/engines`), and so must Kubewarden's policy and the decision
//!   (`kubewarden/tests/laws.rs`): [`tree`] draws JSON of any shape, and [`odd_pair`] a Pod and an allowlist with odd
//!   values.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "only tests use this, and they must fail immediately if a sample is malformed"
)]

use proptest::test_runner::{Config, RngSeed};

mod change;
mod exempted;
mod nearly;
mod odd;

pub use change::{
    Listed, Unlisted, add_to_allowlist, add_to_workload, entries, forbid, label, remove, replace, shuffled,
};
pub use exempted::{Exempted, exempted};
pub use nearly::{near, nearly_exempted};
pub use odd::{odd_pair, tree};

/// Returns the settings of a property test with a fixed seed, so that a run depends only on the code.
#[must_use]
pub fn seeded(cases: u32, seed: u64) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() }
}
