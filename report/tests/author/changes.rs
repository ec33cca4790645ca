//! The change of an allowlist that a mismatch suggests resolves it.

use hallpass_document::Value;
use hallpass_policy::{Rule, Verdict};
use hallpass_report::{AllowlistChange, Mismatch, Outcome};
use hallpass_samples::{Exempted, add_to_workload, exempted, label, seeded};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

use super::judged;

/// Pastes the change as its documentation says.
fn paste(allowlist: &mut Json, change: &AllowlistChange) {
    let document = hallpass_reader::read(change.yaml.as_bytes()).next().unwrap().unwrap();
    let added = json_of(document.root());
    match (allowlist.pointer_mut(&change.path).unwrap(), added) {
        (Json::Array(list), Json::Array(items)) => list.extend(items),
        (Json::Object(map), Json::Object(fields)) => map.extend(fields),
        (place, added) => panic!("{added} does not fit into {place}"),
    }
}

fn json_of(value: &Value<'_>) -> Json {
    match value {
        Value::Null | Value::OtherNumber(_) => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::String(text) => text.as_ref().into(),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Map(fields) => fields.iter().map(|(key, value)| (key.to_string(), json_of(value))).collect(),
    }
}

fn count(outcome: &Outcome) -> usize {
    outcome.compared.first().map_or(0, |compared| compared.mismatches)
}

/// Pastes one change after the other, until no mismatch has one.
fn every_change_helps(workload: &Json, mut allowlist: Json, which: Index) -> Result<Verdict, TestCaseError> {
    let mut outcome = judged(workload, &allowlist);
    while outcome.verdict == Verdict::Denied {
        let changes = outcome
            .mismatches
            .iter()
            .filter_map(|mismatch| Some((mismatch, mismatch.allowlist_change.as_ref()?)));
        let changes: Vec<_> = changes.collect();
        if changes.is_empty() {
            break;
        }
        let (mismatch, change) = which.get(&changes);
        paste(&mut allowlist, change);
        let after = judged(workload, &allowlist);
        let is_same = |other: &&Mismatch| {
            (other.rule, &other.path, &other.message) == (mismatch.rule, &mismatch.path, &mismatch.message)
        };
        let left = after.mismatches.iter().find(is_same);
        prop_assert!(left.is_none(), "{left:#?}\nis left after\n{}", change.yaml);
        // A container that the allowlist did not have may still need the digest of its image, and other containers are
        // now compared with it.
        let counts = mismatch.rule == Rule::M4 || count(&after) < count(&outcome);
        prop_assert!(
            counts || after.verdict != Verdict::Denied,
            "{:#?}\nfollow {mismatch:#?}\nin {allowlist:#}",
            after.mismatches,
        );
        outcome = after;
    }
    Ok(outcome.verdict)
}

#[test]
fn of_one_report_can_be_pasted_together() {
    let workload = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent"},
        "spec": {"hostPID": true, "containers": [{
            "name": "agent", "image": "registry.example/agent:1", "env": [{"name": "A"}, {"name": "B"}],
            "securityContext": {"capabilities": {"drop": ["KILL"]}},
        }]},
    });
    let mut allowlist = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "acme-agent"},
        "exemptions": ["autogke-disallow-hostnamespaces"],
        "matchingCriteria": {"hostPID": true, "containers": [{
            "name": "agent", "image": "registry.example/agent",
            "securityContext": {"capabilities": {"drop": ["CHOWN", "KILL", "SETUID"]}},
        }]},
    });
    let outcome = judged(&workload, &allowlist);
    let mut pasted: Vec<(&str, &str)> = Vec::new();
    for change in outcome.mismatches.iter().map(|mismatch| mismatch.allowlist_change.as_ref().unwrap()) {
        if !pasted.contains(&(&change.path, &change.yaml)) {
            paste(&mut allowlist, change);
            pasted.push((&change.path, &change.yaml));
        }
    }
    let yaml: Vec<&str> = pasted.iter().map(|(_, yaml)| *yaml).collect();
    assert_eq!(yaml, ["env:\n- name: A\n- name: B\n", "drop:\n- KILL\n"]);
    assert_eq!(judged(&workload, &allowlist).verdict, Verdict::Exempted);
}

proptest! {
    #![proptest_config(seeded(96, 0x6861_6c6c))]

    #[test]
    fn for_an_allowlist_of_another_workload(
        Exempted { workload, .. } in exempted(),
        Exempted { allowlist, .. } in exempted(),
        by_label in any::<bool>(),
        which in any::<Index>(),
    ) {
        let mut workload = workload;
        if by_label {
            label(&mut workload, "acme-agent");
        }
        every_change_helps(&workload, allowlist, which)?;
    }

    #[test]
    fn for_a_workload_with_more(
        Exempted { mut workload, allowlist } in exempted(),
        more in add_to_workload(),
        which in any::<Index>(),
    ) {
        more.apply(&mut workload, which);
        every_change_helps(&workload, allowlist, which)?;
    }

    #[test]
    fn for_patterns_without_an_anchor(
        Exempted { workload, mut allowlist } in exempted(),
        which in any::<Index>(),
        anchor in prop::sample::select(vec!['^', '$']),
    ) {
        for list in ["containers", "initContainers"] {
            let containers = allowlist["matchingCriteria"][list].as_array_mut().unwrap();
            for container in containers {
                let env = container["env"].as_array_mut().unwrap().iter_mut().map(|env| &mut env["name"]);
                env.for_each(|name| *name = json!(name.as_str().unwrap().trim_matches(anchor)));
                let args = container["args"].as_array_mut().unwrap().iter_mut();
                args.for_each(|arg| *arg = json!(arg.as_str().unwrap().trim_matches(anchor)));
            }
        }
        let outcome = judged(&workload, &allowlist);
        let mismatches = outcome.mismatches.iter().filter(|mismatch| matches!(mismatch.rule, Rule::M6 | Rule::M7));
        prop_assert!(mismatches.clone().all(|mismatch| mismatch.pitfall.is_some()), "{:#?}", outcome.mismatches);
        prop_assert_eq!(every_change_helps(&workload, allowlist, which)?, Verdict::Exempted);
    }

    #[test]
    fn for_an_empty_allowlist(Exempted { workload, .. } in exempted(), which in any::<Index>()) {
        let allowlist = json!({
            "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "acme-agent"},
            "exemptions": [], "matchingCriteria": {},
        });
        every_change_helps(&workload, allowlist, which)?;
    }
}
