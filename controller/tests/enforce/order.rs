//! The law of the order: at every moment between two states, each workload that neither state admits is refused, and each
//! workload that both admit is admitted.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_cel::{Outcome, Request, review};
use hallpass_controller::enforce::plan::{Existing, Sequence, Step, stages};
use hallpass_controller::enforce::{Kind, compile};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::support::{admitting, rules};

const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];

/// The versions of the allowlists in a cluster, and how they are distributed.
#[derive(Clone, Debug)]
struct State {
    versions: [Option<u8>; 3],
    by_label: bool,
}

impl State {
    fn policies(&self) -> Vec<hallpass_compile::Policy> {
        let lists: Vec<_> = NAMES
            .iter()
            .zip(self.versions)
            .filter_map(|(name, version)| Some(admitting(name, &image(name, version?))))
            .collect();
        let shard = if self.by_label { "label" } else { "none" };
        compile(&lists, &rules(&["--enforce-shard", shard]), BTreeMap::new()).unwrap().policies
    }

    fn admits(&self, index: usize, version: u8) -> bool {
        self.versions[index] == Some(version)
    }
}

fn image(name: &str, version: u8) -> String {
    format!("registry.example/{name}:{version}")
}

/// What is in the cluster.
#[derive(Clone, Default)]
struct Cluster {
    policies: BTreeMap<String, Value>,
    bindings: BTreeMap<String, Value>,
}

impl Cluster {
    fn of(&mut self, kind: Kind) -> &mut BTreeMap<String, Value> {
        match kind {
            Kind::Policy => &mut self.policies,
            Kind::Binding => &mut self.bindings,
        }
    }

    fn make(&mut self, step: &Step<'_>) {
        match step {
            Step::Put(kind, object) => {
                let name = object["metadata"]["name"].as_str().unwrap();
                self.of(*kind).insert(name.to_owned(), (*object).clone());
            }
            Step::Delete(kind, name) => {
                assert!(self.of(*kind).remove(*name).is_some(), "{name}");
            }
        }
    }

    fn existing(&self) -> Existing {
        Existing {
            policies: self.policies.keys().cloned().collect(),
            bindings: self.bindings.keys().cloned().collect(),
        }
    }

    /// Whether the API server refuses a privileged Pod.
    fn refuses(&self, label: Option<&str>, image: &str) -> bool {
        let object = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {
                "name": "pod", "namespace": "default",
                "labels": label.map(|label| json!({"cloud.google.com/matching-allowlist": label})).unwrap_or(json!({})),
            },
            "spec": {"containers": [{"name": "agent", "image": image, "securityContext": {"privileged": true}}]},
        });
        let request = json!({"operation": "CREATE", "kind": {"kind": "Pod"}, "namespace": "default"});
        let request = Request { request: &request, object: &object, old_object: &Value::Null };
        let bound: BTreeSet<&str> =
            self.bindings.values().map(|binding| binding["spec"]["policyName"].as_str().unwrap()).collect();
        let enforced = self.policies.iter().filter(|(name, _)| bound.contains(name.as_str()));
        enforced.into_iter().any(|(_, policy)| {
            !matches!(review(policy, &request), Ok(Outcome::Admitted(_) | Outcome::Ignored))
        })
    }
}

/// Any order that the stages permit: sequences of a stage interleave.
fn ordered<'p>(stages: [Vec<Sequence<'p>>; 3], choices: &[prop::sample::Index]) -> Vec<Step<'p>> {
    let mut steps = Vec::new();
    let mut choices = choices.iter().cycle();
    for mut stage in stages {
        stage.retain(|sequence| !sequence.steps.is_empty());
        while !stage.is_empty() {
            let chosen = choices.next().unwrap().index(stage.len());
            steps.push(stage[chosen].steps.remove(0));
            if stage[chosen].steps.is_empty() {
                stage.remove(chosen);
            }
        }
    }
    steps
}

fn check(cluster: &Cluster, before: &State, after: &State) {
    let labels = NAMES.iter().copied().map(Some).chain([None, Some("unknown")]);
    for label in labels {
        assert!(
            cluster.refuses(label, "registry.example/evil:1"),
            "{label:?} without an allowlist is admitted"
        );
    }
    for (index, name) in NAMES.iter().enumerate() {
        for version in [1, 2] {
            let refused = cluster.refuses(Some(name), &image(name, version));
            match (before.admits(index, version), after.admits(index, version)) {
                (true, true) => assert!(!refused, "{name}:{version} is refused"),
                (false, false) => assert!(refused, "{name}:{version} is admitted"),
                _ => {}
            }
        }
    }
}

fn state() -> impl Strategy<Value = State> {
    let version = prop::option::of(1..=2_u8);
    ([version.clone(), version.clone(), version], any::<bool>())
        .prop_map(|(versions, by_label)| State { versions, by_label })
}

proptest! {
    #![proptest_config(Config { cases: 16, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_moment_admits_more(before in state(), after in state(), choices in prop::collection::vec(any::<prop::sample::Index>(), 1..20)) {
        let mut cluster = Cluster::default();
        let (old, new) = (before.policies(), after.policies());
        let nothing = Existing::default();
        ordered(stages(&old, &nothing), &choices).iter().for_each(|step| cluster.make(step));
        check(&cluster, &before, &before);
        let existing = cluster.existing();
        for step in ordered(stages(&new, &existing), &choices) {
            cluster.make(&step);
            check(&cluster, &before, &after);
        }
        check(&cluster, &after, &after);
        let names: BTreeSet<String> = new.iter().map(|policy| policy.name.clone()).collect();
        prop_assert_eq!(cluster.existing(), Existing { policies: names.clone(), bindings: names });
    }
}
