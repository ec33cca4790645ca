//! Properties of generated allowlists.

#[cfg(test)]
mod generate {
    use hallpass_author::generate::{Input, Patterns, Settings, generate};
    use hallpass_document::Value;
    use hallpass_edit::yaml;
    use hallpass_policy::{
        AllowlistSet, Options, Profile, ReadWorkload, Role, Verdict, Workload, decide, manifests,
    };
    use hallpass_samples::{Exempted, add_to_workload, entries, exempted, label, remove, seeded};
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::{Value as Json, json};

    const MATCHING: &str = "cloud.google.com/matching-allowlist";

    /// Generates allowlists for Pods, as JSON. Each comes with the indexes of the Pods that it exempts.
    fn generated(pods: &[Json], settings: &Settings) -> Vec<(Json, Vec<usize>)> {
        let texts: Vec<String> = pods.iter().map(Json::to_string).collect();
        let values: Vec<Value<'_>> =
            texts.iter().map(|text| Value::from_json(text.as_bytes()).unwrap()).collect();
        let read: Vec<ReadWorkload<'_>> = values.iter().map(workload).collect();
        let profile = Profile::autopilot();
        let options = Options::new(&profile);
        let decisions: Vec<_> =
            read.iter().map(|read| decide(&read.workload, &AllowlistSet::default(), &options)).collect();
        let inputs: Vec<Input<'_, '_>> = read
            .iter()
            .zip(&decisions)
            .map(|(read, decision)| Input { workload: &read.workload, violations: &decision.violations })
            .collect();
        let result = generate(&inputs, settings);
        assert_eq!(result.refusals, []);
        let exempts: usize = result.allowlists.iter().map(|generated| generated.exempts.len()).sum();
        assert_eq!(exempts + result.admitted.len(), pods.len(), "every Pod has its list");
        let json = |value: &Value<'_>| {
            let text = yaml(value);
            let documents = hallpass_reader::read(text.as_bytes()).next().unwrap().unwrap();
            serde_json::to_value(documents.root()).unwrap()
        };
        let allowlists = result.allowlists.into_iter();
        allowlists.map(|generated| (json(&generated.allowlist), generated.exempts)).collect()
    }

    fn workload<'v>(value: &'v Value<'v>) -> ReadWorkload<'v> {
        let (found, _) = manifests(value);
        let Ok(Role::Workload(kind)) = found[0].role() else { panic!("a Pod") };
        Workload::read(&found[0], kind).unwrap()
    }

    fn is_exempted(pod: &Json, allowlist: &Json) -> bool {
        let [pod, allowlist] = [pod, allowlist].map(Json::to_string);
        let value = Value::from_json(pod.as_bytes()).unwrap();
        let listed = Value::from_json(allowlist.as_bytes()).unwrap();
        let load = AllowlistSet::load(&manifests(&listed).0);
        assert!(load.invalid.is_empty(), "{:?} in {allowlist}", load.invalid);
        let profile = Profile::autopilot();
        let decision = decide(&workload(&value).workload, &load.set, &Options::new(&profile));
        decision.verdict == Verdict::Exempted
    }

    /// Variants of one Pod: from each, other parts are removed.
    fn variants() -> impl Strategy<Value = Vec<Json>> {
        let removals = prop::collection::vec(prop::collection::vec(any::<Index>(), 0..6), 1..4);
        (exempted(), removals).prop_map(|(Exempted { workload, .. }, removals)| {
            let variant = |which: Vec<Index>| {
                let mut pod = workload.clone();
                for index in which {
                    let removable = entries(&pod);
                    if !removable.is_empty() {
                        remove(&mut pod, index.get::<String>(&removable));
                    }
                }
                pod
            };
            // The digest of a sample that no allowlist can list.
            removals
                .into_iter()
                .map(variant)
                .filter(|pod| !pod.to_string().contains("@sha256:9c1e"))
                .collect()
        })
    }

    /// Returns JSON pointers to the items of all lists but commands, and to the fields that admit something.
    fn admitting(json: &Json, at: &str, found: &mut Vec<String>) {
        match json {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let place = format!("{at}/{index}");
                    admitting(item, &place, found);
                    found.push(place);
                }
            }
            Json::Object(fields) => {
                for (key, value) in fields.iter().filter(|(key, _)| *key != "command" && *key != "drop") {
                    admitting(value, &format!("{at}/{key}"), found);
                }
            }
            _ => {}
        }
    }

    fn without(json: &Json, place: &str) -> Json {
        let mut json = json.clone();
        let (list, index) = place.rsplit_once('/').unwrap();
        json.pointer_mut(list).and_then(Json::as_array_mut).unwrap().remove(index.parse().unwrap());
        json
    }

    /// One entry has one command for a hook.
    #[test]
    fn a_pattern_of_images_does_not_merge_containers_that_contradict_each_other() {
        let pod = |image: &str, hook: Json| {
            let container = json!({"name": "a", "image": format!("example.com/{image}"), "lifecycle": hook});
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
                "spec": {"hostPID": true, "containers": [container]}})
        };
        let stop = |command: &str| json!({"preStop": {"exec": {"command": [command]}}});
        let pods = [
            pod("a-x", json!({})),
            pod("a-y", stop("one")),
            pod("a-z", stop("two")),
            pod("a-w", stop("one")),
        ];
        let patterns = Patterns { image: true, ..Patterns::default() };
        let settings = Settings { merge: true, patterns, ..Settings::default() };
        let allowlists = generated(&pods, &settings);
        assert_eq!(allowlists.len(), 1);
        for pod in &pods {
            assert!(is_exempted(pod, &allowlists[0].0), "{pod:#} by {:#}", allowlists[0].0);
        }
    }

    proptest! {
        #![proptest_config(seeded(192, 0x6765_6e65))]

        #[test]
        fn every_input_is_exempted(
            mut pods in variants(),
            labels in prop::collection::vec(prop::sample::select(vec!["", "a", "b"]), 4),
            merge in any::<bool>(),
            patterns in any::<bool>(),
        ) {
            for (pod, name) in pods.iter_mut().zip(labels).filter(|(_, name)| !name.is_empty()) {
                label(pod, name);
            }
            let patterns = Patterns { image: patterns, args: patterns, env: patterns };
            let settings = Settings { merge, patterns, ..Settings::default() };
            for (allowlist, exempts) in generated(&pods, &settings) {
                for index in exempts {
                    // The second list for a label has another name, and says so.
                    let name = allowlist["metadata"]["name"].as_str().unwrap();
                    if pods[index]["metadata"]["labels"][MATCHING].is_string() {
                        label(&mut pods[index], name);
                    }
                    prop_assert!(is_exempted(&pods[index], &allowlist), "{:#} by {:#}", pods[index], allowlist);
                }
            }
        }

        #[test]
        fn nothing_more_is_exempted(
            pods in variants(),
            more in add_to_workload(),
            which in any::<Index>(),
        ) {
            for (allowlist, exempts) in generated(&pods, &Settings { merge: true, ..Settings::default() }) {
                for index in exempts {
                    let mut pod = pods[index].clone();
                    more.apply(&mut pod, which);
                    prop_assert!(!is_exempted(&pod, &allowlist), "{:?} by {:#}", more, allowlist);
                }
            }
        }

        #[test]
        fn every_entry_is_needed(pods in variants()) {
            let settings = Settings { name: Some("list".to_owned()), merge: true, ..Settings::default() };
            for (allowlist, exempts) in generated(&pods, &settings) {
                let mut places = Vec::new();
                admitting(&allowlist, "", &mut places);
                for place in places {
                    let less = without(&allowlist, &place);
                    let name = allowlist["metadata"]["name"].as_str().unwrap();
                    let denied = exempts.iter().any(|index| {
                        let mut pod = pods[*index].clone();
                        // With the label, the names of containers count.
                        label(&mut pod, name);
                        !is_exempted(&pod, &less)
                    });
                    prop_assert!(denied, "{} of {:#} is not needed", place, allowlist);
                }
            }
        }

        #[test]
        fn the_output_depends_on_nothing_else(pods in variants()) {
            let settings = Settings { merge: true, ..Settings::default() };
            prop_assert_eq!(generated(&pods, &settings), generated(&pods, &settings));
        }
    }
}
