//! Random workloads and allowlists.

use hallpass_compile::Shard;
use hallpass_policy::Profile;
use hallpass_samples::{Exempted, add_to_workload, exempted, forbid, label, odd_pair, shuffled};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngSeed};
use serde_json::Value as Json;

use crate::support::{Cluster, ask};

fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1000);
    Config { cases, rng_seed: RngSeed::Fixed(0x6365_6c00), failure_persistence: None, ..Config::default() }
}

/// A workload that is exempted or nearly so, and a cluster with its allowlist and another one.
fn sample() -> impl Strategy<Value = (Vec<Json>, Json)> {
    let strategy = (
        exempted(),
        exempted(),
        prop::collection::vec((add_to_workload(), any::<Index>()), 0..2),
        select(vec!["", "acme-agent", "other", "missing"]),
        any::<(bool, u64)>(),
    );
    strategy.prop_map(|(exempted, other, changes, labelled, (forbids, seed))| {
        let Exempted { workload, allowlist } = exempted;
        let mut workload = shuffled(&workload, seed);
        for (what, which) in &changes {
            what.apply(&mut workload, *which);
        }
        if !labelled.is_empty() {
            label(&mut workload, labelled);
        }
        if forbids {
            forbid(&mut workload);
        }
        let mut other = other.allowlist;
        other["metadata"]["name"] = "other".into();
        (vec![allowlist, other], workload)
    })
}

fn agree(allowlists: Vec<Json>, workload: &Json) -> Result<(), TestCaseError> {
    let cluster = Cluster { allowlists, profile: Profile::autopilot(), target: None };
    for answer in ask(&cluster, workload, Shard::None).into_iter().flatten() {
        prop_assert!(answer.agrees(), "{:#?}", answer);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn on_workloads_that_are_exempted_or_nearly((allowlists, workload) in sample()) {
        agree(allowlists, &workload)?;
    }

    #[test]
    fn on_odd_pairs((workload, allowlist) in odd_pair()) {
        agree(vec![allowlist], &workload)?;
    }
}
