//! Properties of allowlists that are extended.

#[cfg(test)]
mod extend {
    use hallpass_author::difference::{Work, grants};
    use hallpass_author::generate::Input;
    use hallpass_document::Value;
    use hallpass_edit::yaml;
    use hallpass_policy::{
        AllowlistSet, Options, Profile, ReadWorkload, Role, Verdict, Workload, decide, manifests,
    };
    use hallpass_report::{Extended, Installed, Report, extend, parse_all};
    use hallpass_samples::{Exempted, Unlisted, add_to_workload, exempted, label, seeded};
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::{Value as Json, json};

    fn workload<'v>(value: &'v Value<'v>) -> ReadWorkload<'v> {
        let (found, _) = manifests(value);
        let Ok(Role::Workload(kind)) = found[0].role() else { panic!("a Pod") };
        Workload::read(&found[0], kind).unwrap()
    }

    /// Extends the allowlists of a file for Pods, as JSON.
    fn extended(text: &str, pods: &[Json]) -> Extended {
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
        let mut report = Report::default();
        let parsed = parse_all([("old.yaml", text.as_bytes())], &mut report.errors);
        let installed = Installed::new(&parsed, &["old.yaml"], &mut report);
        assert!(report.errors.is_empty(), "{:?} in {text}", report.errors);
        extend(text.as_bytes(), &installed, None, &inputs, &profile)
            .unwrap_or_else(|problem| panic!("{problem:?}"))
    }

    /// Whether the allowlists in a text, or in a tree, exempt a Pod.
    fn is_exempted(pod: &Json, root: &Value<'_>) -> bool {
        let pod = pod.to_string();
        let value = Value::from_json(pod.as_bytes()).unwrap();
        let load = AllowlistSet::load(&manifests(root).0);
        let profile = Profile::autopilot();
        let decision = decide(&workload(&value).workload, &load.set, &Options::new(&profile));
        decision.verdict != Verdict::Denied
    }

    fn root(text: &str) -> Value<'_> {
        hallpass_reader::read(text.as_bytes()).next().unwrap().unwrap().root().clone()
    }

    fn written(allowlist: &Json) -> String {
        let text = allowlist.to_string();
        format!("# Kept.\n{}", yaml(&Value::from_json(text.as_bytes()).unwrap()))
    }

    /// Pointers to the items of all lists but commands and what is dropped, which the old tree lacks.
    fn added(old: Option<&Value<'_>>, new: &Value<'_>, at: &str, found: &mut Vec<String>) {
        match new {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let before = match old {
                        Some(Value::List(old)) => old.get(index),
                        _ => None,
                    };
                    added(before, item, &format!("{at}/{index}"), found);
                    if before.is_none() {
                        found.push(format!("{at}/{index}"));
                    }
                }
            }
            Value::Map(fields) => {
                for (key, value) in fields.iter().filter(|(key, _)| key != "command" && key != "drop") {
                    added(old.and_then(|old| old.get(key)), value, &format!("{at}/{key}"), found);
                }
            }
            _ => {}
        }
    }

    fn without(value: &Value<'_>, pointer: &str) -> String {
        let mut json = serde_json::to_value(value).unwrap();
        let (list, index) = pointer.rsplit_once('/').unwrap();
        json.pointer_mut(list).and_then(Json::as_array_mut).unwrap().remove(index.parse().unwrap());
        json.to_string()
    }

    /// Checks the properties, and returns the number of Pods that no addition can admit.
    fn laws(old: &Json, mut pods: Vec<Json>) -> Result<usize, TestCaseError> {
        let text = written(old);
        let extended_once = extended(&text, &pods);
        let unserved = extended_once.unserved.len();
        let new = root(&extended_once.text);
        for unserved in extended_once.unserved.iter().rev() {
            pods.remove(unserved.workload);
        }
        for pod in &pods {
            prop_assert!(is_exempted(pod, &new), "{pod:#} by\n{}", extended_once.text);
        }
        let before = root(&text);
        let [old_manifests, new_manifests] = [&before, &new].map(|root| manifests(root).0);
        let (old_set, new_set) =
            (AllowlistSet::load(&old_manifests).set, AllowlistSet::load(&new_manifests).set);
        let pairs = old_set.iter().zip(new_set.iter());
        for (old, new) in pairs {
            prop_assert_eq!(
                grants(old, new, &mut Work::default()),
                Vec::new(),
                "{}\n{}",
                text,
                extended_once.text
            );
        }
        let again = extended(&extended_once.text, &pods);
        prop_assert_eq!(&again.text, &extended_once.text);
        prop_assert!(extended_once.text.starts_with("# Kept.\n"));
        let mut places = Vec::new();
        added(Some(&before), &new, "", &mut places);
        for place in &places {
            let less = without(&new, place);
            let less = Value::from_json(less.as_bytes()).unwrap();
            prop_assert!(
                pods.iter().any(|pod| !is_exempted(pod, &less)),
                "{} is not needed in\n{}\n{}",
                place,
                extended_once.text,
                text
            );
        }
        Ok(unserved)
    }

    proptest! {
        #![proptest_config(seeded(128, 0x6578_7465))]

        #[test]
        fn for_a_workload_with_more(
            Exempted { workload, allowlist } in exempted(),
            more in add_to_workload(),
            which in any::<Index>(),
            by_label in any::<bool>(),
        ) {
            let mut pod = workload.clone();
            more.apply(&mut pod, which);
            let mut pods = vec![workload, pod];
            if by_label {
                let name = allowlist["metadata"]["name"].as_str().unwrap();
                pods.iter_mut().for_each(|pod| label(pod, name));
            }
            // No new entry can list the malformed digest of a sample.
            let has_digest = pods.iter().any(|pod| pod.to_string().contains("@sha256:9c1e"));
            let is_addition = !has_digest && !matches!(more, Unlisted::HostNamespace | Unlisted::Digest);
            let unserved = laws(&allowlist, pods)?;
            prop_assert!(unserved == 0 || !is_addition, "{:?}", more);
        }

        #[test]
        fn for_another_workload(
            Exempted { workload, .. } in exempted(),
            Exempted { workload: other, .. } in exempted(),
            Exempted { allowlist, .. } in exempted(),
        ) {
            laws(&allowlist, vec![workload, other])?;
        }
    }

    fn pod(container: Json) -> Json {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent"},
            "spec": {"hostPID": true, "containers": [container]}})
    }

    #[test]
    fn additions_keep_the_layout_and_the_comments() {
        let old = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: agent-v1}\nexemptions: \
                   [autogke-disallow-hostnamespaces]\nmatchingCriteria:\n  hostPID: true\n  containers:\n    - name: \
                   agent # the agent\n      image: example.com/agent\n      args: [--a]\n# The end.\n";
        let arguments = json!({"name": "agent", "image": "example.com/agent:1", "args": ["--a", "--b"],
            "env": [{"name": "SITE", "value": "x"}]});
        let command = json!({"name": "agent", "image": "example.com/agent:1", "command": ["/run"]});
        let new = extended(old, &[pod(arguments), pod(command)]);
        let expected = old.replace(
            "[--a]\n",
            "[--a, --b]\n      env:\n        - name: SITE\n    - name: agent\n      image: \
                                    example.com/agent\n      command:\n        - /run\n",
        );
        assert_eq!((new.text.as_str(), new.unserved.len()), (expected.as_str(), 0));
    }

    #[test]
    fn what_no_addition_can_admit_is_not_served() {
        let old = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: agent-v1}\nexemptions: \
                   [autogke-disallow-hostnamespaces]\nmatchingCriteria:\n  hostNetwork: true\n  containers:\n  - name: \
                   agent\n    image: example.com/agent\n";
        let new = extended(old, &[pod(json!({"name": "agent", "image": "example.com/agent:1"}))]);
        assert_eq!((new.text.as_str(), new.unserved.len()), (old, 1));
        let reason = new.unserved[0].reason.as_deref().unwrap();
        assert!(reason.contains("hostNetwork"), "{reason}");
    }
}
