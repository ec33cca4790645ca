//! Random workloads and allowlists.

use hallpass_compile::Shard;
use hallpass_policy::Profile;
use hallpass_samples::{nearly_exempted, odd_pair};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::Value as Json;

use crate::support::Cluster;

/// `PROPTEST_CASES` sets another number, for a long run.
pub(crate) fn config(cases: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    Config { cases, rng_seed: RngSeed::Fixed(0x6365_6c00), failure_persistence: None, ..Config::default() }
}

fn agree(allowlists: Vec<Json>, workload: &Json) -> Result<(), TestCaseError> {
    let cluster = Cluster { allowlists, profile: Profile::autopilot(), target: None };
    for answer in cluster.ask(workload, Shard::None).into_iter().flatten() {
        prop_assert!(answer.agrees(), "{:#?}", answer);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn on_workloads_that_are_exempted_or_nearly((allowlists, workload) in nearly_exempted()) {
        agree(allowlists, &workload)?;
    }

    #[test]
    fn on_odd_pairs((workload, allowlist) in odd_pair()) {
        agree(vec![allowlist], &workload)?;
    }

    /// With one policy per allowlist, only workloads without the label are refused in addition (D3).
    #[test]
    fn with_a_policy_per_allowlist((allowlists, workload) in nearly_exempted()) {
        let cluster = Cluster { allowlists, profile: Profile::autopilot(), target: None };
        let label = workload.pointer("/metadata/labels/cloud.google.com~1matching-allowlist");
        for answer in cluster.ask(&workload, Shard::Label).into_iter().flatten() {
            prop_assert!(answer.agrees() || label.is_none() && answer.is_refused(), "{:#?}", answer);
        }
    }
}
