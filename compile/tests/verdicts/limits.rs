//! Policies that the API server would refuse are not written.

use hallpass_compile::{Compiled, Excess, LARGEST_POLICY, Shard, namespace, policy_name};
use hallpass_policy::Profile;
use serde_json::{Value as Json, json};

use crate::support::Cluster;

fn allowlist(name: &str, container: &str) -> Json {
    json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": name},
        "exemptions": ["autogke-disallow-privilege"],
        "matchingCriteria": {"containers": [{"name": container, "image": "a", "securityContext": {"privileged": true}}]},
    })
}

fn compiled(allowlists: Vec<Json>, shard: Shard) -> Compiled {
    let cluster = Cluster { allowlists, profile: Profile::autopilot(), target: None };
    cluster.policies("hallpass", shard, &[]).unwrap()
}

/// Without its own policy, an allowlist must not be left to the policy for all other workloads: that one ignores it.
#[test]
fn an_allowlist_whose_policy_cannot_exist_is_an_error() {
    for name in ["team_a", "A", "a..b", "x.", "a/b", "a b", "-"] {
        let excesses = compiled(vec![allowlist(name, "c")], Shard::Label).excesses();
        assert!(matches!(excesses.as_slice(), [Excess::NotAName(_)]), "{name}: {excesses:?}");
    }
    let long = "a".repeat(64);
    assert!(matches!(
        compiled(vec![allowlist(&long, "c")], Shard::Label).excesses().as_slice(),
        [Excess::NotALabel(_)]
    ));
    for name in ["a", "team-a.v1", &"a".repeat(63)] {
        assert_eq!(compiled(vec![allowlist(name, "c")], Shard::Label).excesses(), [], "{name}");
    }
}

/// Server-side apply stores an entry for each variable: a real server refused this policy.
#[test]
fn long_names_count_twice() {
    let allowlists = (0..490).map(|number| {
        allowlist(&format!("a{number}-{}", "b".repeat(220)), &format!("c{number}{}", "z".repeat(55)))
    });
    let compiled = compiled(allowlists.collect(), Shard::None);
    let [policy] = compiled.policies.as_slice() else { panic!("one policy") };
    assert!(policy.policy.to_string().len() < LARGEST_POLICY);
    assert!(matches!(compiled.excesses().as_slice(), [Excess::Policy(..)]));
}

#[test]
fn names_on_the_command_line_are_those_of_kubernetes() {
    for name in ["gke-*", "a b", "x'", "", "A", "a.b", "-a", &"a".repeat(64)] {
        assert!(namespace(name).is_err(), "{name}");
    }
    for name in ["a..b", "a.-b", "a-.b", "", "A", "a_b", &"a".repeat(254)] {
        assert!(policy_name(name).is_err(), "{name}");
    }
    assert!(namespace("kube-system").is_ok() && policy_name("hallpass.v1-a").is_ok());
}
