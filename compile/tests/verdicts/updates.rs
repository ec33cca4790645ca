//! An update passes if it changes nothing that a rule reads, and is evaluated otherwise.

use hallpass_cel::{Outcome, Request, review};
use hallpass_compile::Shard;
use hallpass_document::Value;
use hallpass_policy::{Profile, WorkloadKind};
use hallpass_samples::{exempted, shuffled};
use hallpass_workload::is_unchanged;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::random::config;
use crate::support::{Cluster, stored};

/// Whether objects of the kind have the field.
fn has(kind: WorkloadKind, (pointer, _): &Change) -> bool {
    match *pointer {
        "/spec/completionMode" => kind == WorkloadKind::Job,
        "/spec/volumeClaimTemplates" => kind == WorkloadKind::StatefulSet,
        _ => true,
    }
}

/// A change at a pointer: to a value, or its removal.
type Change = (&'static str, Option<Json>);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let all: Vec<Change> = vec![
        ("/metadata/finalizers", Some(json!(["x"]))),
        ("/metadata/labels", Some(json!({"app": "x"}))),
        ("/metadata/labels", Some(json!({"cloud.google.com/matching-allowlist": "x"}))),
        ("/metadata/labels", None),
        ("/metadata/annotations", Some(json!({"note": "x"}))),
        (
            "/metadata/annotations",
            Some(json!({"autopilot.gke.io/host-port-assignment": "{\"min\":1,\"max\":2}"})),
        ),
        (
            "/metadata/annotations",
            Some(json!({"container.apparmor.security.beta.kubernetes.io/c": "unconfined"})),
        ),
        ("/metadata/annotations", None),
        ("/spec/replicas", Some(json!(3))),
        ("/spec/completionMode", Some(json!("Indexed"))),
        ("/spec/volumeClaimTemplates", Some(json!([{"metadata": {"name": "data"}}]))),
        ("/spec/template/metadata/labels", Some(json!({"cloud.google.com/matching-allowlist": "y"}))),
        ("/spec/template/metadata/labels", None),
        ("/spec/template/metadata/annotations", Some(json!({"note": "x"}))),
        ("/spec/template/spec/hostIPC", Some(json!(true))),
        ("/spec/template/spec/priority", Some(json!(1))),
    ];
    prop::collection::vec(select(all), 0..4)
}

fn apply(object: &mut Json, (pointer, value): &Change) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = parent.split('/').skip(1).fold(object, |json, step| &mut json[step]);
    match value {
        Some(value) => parent[key] = value.clone(),
        None => drop(parent.as_object_mut().and_then(|fields| fields.remove(key))),
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn unchanged_updates_pass(
        pod in exempted(),
        kind in select(vec![WorkloadKind::DaemonSet, WorkloadKind::StatefulSet, WorkloadKind::Job]),
        (before, after) in (changes(), changes()),
        seed in any::<u64>(),
        reorders in any::<bool>(),
    ) {
        // Nothing exempts it, so that only an update that changes nothing passes.
        let cluster = Cluster { allowlists: Vec::new(), profile: Profile::autopilot(), target: None };
        let policy = cluster.policies("hallpass", Shard::None, &[]).unwrap().policies.remove(0).policy;
        let mut spec = pod.workload["spec"].clone();
        spec["hostPID"] = true.into();
        let mut old = json!({
            "apiVersion": kind.api_version(), "kind": kind.name(), "metadata": {"name": "x"},
            "spec": {"template": {"metadata": {}, "spec": spec}},
        });
        before.iter().filter(|change| has(kind, change)).for_each(|change| apply(&mut old, change));
        let mut new = old.clone();
        after.iter().filter(|change| has(kind, change)).for_each(|change| apply(&mut new, change));
        if reorders {
            new = shuffled(&new, seed);
        }
        let (old, new) = (stored(&old), stored(&new));

        let [old_text, new_text] = [&old, &new].map(Json::to_string);
        let [old_value, new_value] = [&old_text, &new_text].map(|text| Value::from_json(text.as_bytes()).unwrap());
        let expected = is_unchanged(&new_value, &old_value, kind);
        let request = json!({"operation": "UPDATE", "kind": {"kind": kind.name()}, "namespace": "default"});
        let outcome = review(&policy, &Request { request: &request, object: &new, old_object: &old });
        let passes = matches!(outcome, Ok(Outcome::Admitted(_)));
        prop_assert_eq!(passes, expected, "{:?}: from {} to {}", outcome, old, new);
    }
}
