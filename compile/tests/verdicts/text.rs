//! The text of a policy: stable, and made for reviews.

use hallpass_compile::{Compiled, Shard};
use hallpass_policy::Profile;
use serde_json::{Value as Json, json};

use crate::support::Cluster;

fn allowlist(name: &str, env: &[&str]) -> Json {
    let env: Vec<Json> = env.iter().map(|name| json!({"name": name})).collect();
    json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": name},
        "exemptions": ["autogke-disallow-hostnamespaces"],
        "matchingCriteria": {"hostPID": true, "containers": [{"name": "agent", "image": "x", "env": env}]},
    })
}

fn compiled(allowlists: Vec<Json>) -> Compiled {
    let cluster = Cluster { allowlists, profile: Profile::autopilot(), target: None };
    cluster.policies("hallpass", Shard::None, &[]).unwrap()
}

/// Every line of every expression.
fn lines(compiled: &Compiled) -> Vec<String> {
    let variables = compiled.policies.iter().flat_map(|policy| &policy.variables);
    variables
        .flat_map(|variable| {
            format!("{}:\n{}", variable.name, variable.expression)
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn a_variable_more_is_a_line_more() {
    let before = lines(&compiled(vec![allowlist("a", &["HOST", "NODE"]), allowlist("b", &["HOST"])]));
    let after = lines(&compiled(vec![allowlist("a", &["HOST", "LEVEL", "NODE"]), allowlist("b", &["HOST"])]));
    let at = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
    assert_eq!(after[at].trim(), "'LEVEL',");
    assert_eq!(before[at..], after[at + 1..]);
}

#[test]
fn the_order_of_allowlists_does_not_matter() {
    let [a, b] = ["a", "b"].map(|name| allowlist(name, &["HOST"]));
    assert_eq!(lines(&compiled(vec![a.clone(), b.clone()])), lines(&compiled(vec![b, a])));
}

#[test]
fn names_of_variables_are_unique() {
    let compiled = compiled(["a-b", "a.b", "a-b-agent", "1"].map(|name| allowlist(name, &[])).into());
    let mut names: Vec<&str> =
        compiled.policies[0].variables.iter().map(|variable| variable.name.as_str()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
