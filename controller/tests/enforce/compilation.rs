//! Allowlists that cannot be enforced.

use std::collections::BTreeMap;

use hallpass_controller::enforce::{Allowlist, NAME, compile, in_force};
use serde_json::json;

use crate::support::{admitting, allowlist, rules};

/// One that needs an expression of more than 100,000 characters.
fn too_long(name: &str) -> Allowlist {
    let arguments: Vec<String> = (0..3000).map(|number| format!("--argument-{number:0>40}")).collect();
    allowlist(
        name,
        &json!({
            "exemptions": ["autogke-disallow-privilege"],
            "matchingCriteria": {"containers": [{"name": "agent", "image": "i", "args": arguments}]},
        }),
    )
}

/// One that needs a policy of its own size.
fn large(name: &str) -> Allowlist {
    let arguments: Vec<String> = (0..2000).map(|number| format!("--argument-{number:0>30}")).collect();
    allowlist(
        name,
        &json!({
            "exemptions": ["autogke-disallow-privilege"],
            "matchingCriteria": {"containers": [{"name": "agent", "image": "i", "args": arguments}]},
        }),
    )
}

#[test]
fn what_cannot_be_enforced_is_left_out() {
    let invalid = allowlist("invalid", &json!({"matchingCriteria": {"containers": [{"image": "("}]}}));
    let lists = [admitting("good", "i"), invalid, too_long("long")];
    for shard in ["none", "label"] {
        let compiled = compile(&lists, &rules(&["--enforce-shard", shard]), BTreeMap::new()).unwrap();
        let messages: Vec<&str> = compiled.left_out.values().map(String::as_str).collect();
        assert_eq!(compiled.left_out.keys().collect::<Vec<_>>(), ["invalid", "long"], "{messages:?}");
        assert!(messages[0].starts_with("the allowlist is invalid: "), "{messages:?}");
        assert!(messages[1].contains("split the allowlist"), "{messages:?}");
        let good = compiled.policies.iter().flat_map(|policy| &policy.variables);
        assert!(good.clone().any(|variable| variable.name == "allow_good"));
        assert!(!good.clone().any(|variable| variable.name == "allow_long"));
    }
}

#[test]
fn too_much_for_one_policy_is_an_error() {
    let lists: Vec<Allowlist> = (0..20).map(|number| large(&format!("large-{number}"))).collect();
    let rules_of = |shard| rules(&["--enforce-shard", shard]);
    let error = compile(&lists, &rules_of("none"), BTreeMap::new()).unwrap_err();
    assert!(error.ends_with("set `--enforce-shard label`"), "{error}");
    let compiled = compile(&lists, &rules_of("label"), BTreeMap::new()).unwrap();
    assert_eq!((compiled.policies.len(), compiled.left_out.len()), (21, 0));
}

#[test]
fn a_policy_in_force_shows_which_allowlists_it_has() {
    let old = [admitting("a", "i"), admitting("b", "i")];
    let new = [admitting("a", "i"), admitting("b", "j"), admitting("c", "i")];
    for (shard, expected) in [("none", vec!["a"]), ("label", vec!["a", "b"])] {
        let rules = rules(&["--enforce-shard", shard]);
        let compiled = compile(&old, &rules, BTreeMap::new()).unwrap();
        let last = compiled.policies.last().unwrap();
        assert_eq!(last.name, NAME);
        assert_eq!(in_force(&new, &rules, &last.policy).into_iter().collect::<Vec<_>>(), expected);
    }
}
