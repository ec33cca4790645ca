//! Kubewarden's response is the decision on the same workload and allowlists, wherever the allowlists come from.

use hallpass_document::Value;
use hallpass_kubewarden::call;
use hallpass_policy::{
    AllowlistSet, Compared, Decision, Manifest, Options, Profile, Role, Verdict, Workload, decide, manifests,
};
use hallpass_samples::{
    Exempted, add_to_allowlist, add_to_workload, exempted, forbid, label, replace, shuffled, tree,
};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value as Json, json};

fn config() -> Config {
    Config {
        cases: 2048,
        rng_seed: RngSeed::Fixed(0x6b75_6265),
        failure_persistence: None,
        ..Config::default()
    }
}

/// An allowlist that exempts the workload, or one of another workload.
#[derive(Clone, Debug)]
enum Change {
    None,
    Listed(hallpass_samples::Listed, Index),
    Odd(Index, Json),
    FewerExemptions(usize),
    AnyImage,
    OtherImages,
    OtherCommands,
    Without(&'static str),
}

#[derive(Clone, Debug)]
struct Sample {
    own: bool,
    other: Json,
    change: Change,
    name: usize,
    in_cluster: bool,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => Just(Change::None),
        2 => (add_to_allowlist(), any::<Index>()).prop_map(|(what, which)| Change::Listed(what, which)),
        2 => (any::<Index>(), tree()).prop_map(|(place, odd)| Change::Odd(place, odd)),
        1 => (0..4_usize).prop_map(Change::FewerExemptions),
        2 => Just(Change::AnyImage),
        2 => Just(Change::OtherImages),
        2 => Just(Change::OtherCommands),
        1 => prop::sample::select(vec!["kind", "apiVersion", "metadata", "exemptions", "matchingCriteria"])
            .prop_map(Change::Without),
    ]
}

fn sample() -> impl Strategy<Value = Sample> {
    (prop::bool::weighted(0.7), exempted(), change(), 0..40_usize, any::<bool>()).prop_map(
        |(own, other, change, name, in_cluster)| Sample {
            own,
            other: other.allowlist,
            change,
            name,
            in_cluster,
        },
    )
}

impl Sample {
    fn allowlist(&self, own: &Json) -> Json {
        let mut allowlist = if self.own { own.clone() } else { self.other.clone() };
        allowlist["metadata"]["name"] = format!("acme-{}", self.name).into();
        let containers = |allowlist: &mut Json, field: &str, value: Json| {
            for list in ["containers", "initContainers"] {
                let list = allowlist["matchingCriteria"].get_mut(list).and_then(Json::as_array_mut);
                for container in list.into_iter().flatten() {
                    container[field] = value.clone();
                }
            }
        };
        match &self.change {
            Change::None => {}
            Change::Listed(what, which) => what.apply(&mut allowlist, *which),
            Change::Odd(place, odd) => replace(&mut allowlist, *place, odd.clone()),
            Change::FewerExemptions(left) => {
                allowlist["exemptions"].as_array_mut().unwrap().truncate(*left);
            }
            Change::AnyImage => containers(&mut allowlist, "image", json!("^.*$")),
            Change::OtherImages => containers(&mut allowlist, "image", json!("^other[.]example/.+$")),
            Change::OtherCommands => containers(&mut allowlist, "command", json!(["other"])),
            Change::Without(field) => {
                allowlist.as_object_mut().unwrap().remove(*field);
            }
        }
        allowlist
    }
}

/// The expected result, from all allowlists.
enum Expected {
    Decision(Decision),
    /// The settings are invalid, so no server would have loaded the policy. The decision uses their valid part: an
    /// accepted workload must be accepted by it.
    Invalid(Decision),
}

fn expected(pod: &Json, settings: &[String], cluster: &[String], strict: bool) -> Option<Expected> {
    let read = |texts: &'_ [String]| -> Vec<Value<'static>> {
        // The values must outlive this, and a test may leak memory.
        texts.iter().map(|text| Value::from_json(text.clone().leak().as_bytes()).unwrap()).collect()
    };
    let (settings, cluster) = (read(settings), read(cluster));
    let mut invalid = false;
    let mut found: Vec<Manifest<'_>> = Vec::new();
    for value in &settings {
        let (objects, faults) = manifests(value);
        invalid |= !faults.is_empty() || objects.is_empty();
        for object in objects {
            match object.role() {
                Ok(Role::Allowlist) => found.push(object),
                _ => invalid = true,
            }
        }
    }
    let of_settings = found.len();
    for value in &cluster {
        // A list of allowlists contains nothing else.
        found.push(Manifest::of_allowlist(value)?);
    }
    let load = AllowlistSet::load(&found);
    invalid |= load.invalid.iter().any(|(index, _)| *index < of_settings);
    invalid |= load.duplicates.iter().any(|duplicate| duplicate.manifest < of_settings);
    let text = pod.to_string();
    let value = Value::from_json(text.as_bytes()).unwrap();
    let manifest = &manifests(&value).0[0];
    let Ok(Role::Workload(kind)) = manifest.role() else { panic!("a Pod is a workload") };
    let workload = Workload::read(manifest, kind).unwrap().workload;
    let profile = Profile::autopilot();
    let decision = decide(&workload, &load.set, &Options { profile: &profile, target: None, strict });
    Some(if invalid { Expected::Invalid(decision) } else { Expected::Decision(decision) })
}

fn answer(pod: &Json, settings: &Json, cluster: &[String]) -> Json {
    let payload = json!({
        "request": {
            "uid": "1", "operation": "CREATE", "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "userInfo": {"username": "somebody"}, "object": pod,
        },
        "settings": settings,
    });
    let list = format!("{{\"kind\": \"List\", \"items\": [{}]}}", cluster.join(","));
    let host = |operation: &str, _: &[u8]| match operation {
        "list_resources_all" => Ok(list.clone().into_bytes()),
        other => Err(format!("`{other}` was not to be called")),
    };
    let answer = call("validate", payload.to_string().as_bytes(), &host).unwrap();
    serde_json::from_slice(&answer).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_answer_is_the_decision(
        Exempted { workload, allowlist } in exempted(),
        samples in prop::collection::vec(sample(), 0..6),
        changes in prop::collection::vec((add_to_workload(), any::<Index>()), 0..2),
        changed in prop::bool::weighted(0.3),
        labelled in prop::option::weighted(0.2, 0..40_usize),
        forbids in prop::bool::weighted(0.1),
        strict in prop::bool::weighted(0.2),
        seed in any::<u64>(),
    ) {
        let mut pod = shuffled(&workload, seed);
        for (what, which) in changes.iter().filter(|_| changed) {
            what.apply(&mut pod, *which);
        }
        if forbids {
            forbid(&mut pod);
        }
        if let Some(name) = labelled {
            // Usually an existing one.
            let name = samples.get(name % 8).map_or(name, |sample| sample.name);
            label(&mut pod, &format!("acme-{name}"));
        }
        let (mut settings, mut cluster) = (Vec::new(), Vec::new());
        for sample in &samples {
            let allowlists = if sample.in_cluster { &mut cluster } else { &mut settings };
            allowlists.push(sample.allowlist(&allowlist));
        }
        let text = |all: &[Json]| -> Vec<String> { all.iter().map(Json::to_string).collect() };
        let (in_settings, in_cluster) = (text(&settings), text(&cluster));
        let expected = expected(&pod, &in_settings, &in_cluster, strict);
        prop_assume!(expected.is_some());
        let settings = json!({
            "allowlists": settings, "allowlistsFrom": "cluster", "noConnect": true, "strict": strict,
        });
        let answer = answer(&pod, &settings, &in_cluster);
        let audit = &answer["audit_annotations"];
        let same_verdict = |decision: &Decision| {
            answer["accepted"] == json!(decision.verdict != Verdict::Denied)
                && audit["verdict"] == json!(decision.verdict.name())
                && audit["allowlist"].as_str() == decision.allowlist.as_deref()
                && answer["mutated_object"].is_object() == (decision.no_connect == Some(true))
        };
        match expected.unwrap() {
            Expected::Decision(decision) => {
                prop_assert!(same_verdict(&decision), "{}\n{:#?}", answer, decision);
                let nearest = decision.mismatches.first().map(|mismatch| mismatch.allowlist.as_str());
                prop_assert_eq!(audit["nearest-allowlist"].as_str(), nearest);
                let message = answer["message"].as_str().unwrap_or_default();
                let whole = !message.contains("more lines") && !message.contains("...");
                // A note replaces the mismatches with an allowlist for another workload.
                let of_another = |it: &Compared| Some(it.allowlist.as_str()) == nearest && !it.related;
                let shown = whole && !decision.compared.iter().any(of_another);
                let of_nearest = decision.mismatches.iter().filter(|m| Some(m.allowlist.as_str()) == nearest);
                for mismatch in of_nearest.filter(|_| shown) {
                    prop_assert!(message.contains(&mismatch.message), "{}\n{}", message, mismatch.message);
                }
            }
            Expected::Invalid(decision) => {
                let refused = answer["accepted"] == json!(false);
                prop_assert!(refused || same_verdict(&decision), "{}\n{:#?}", answer, decision);
            }
        }
    }
}
