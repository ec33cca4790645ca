//! Very large workloads and allowlists: scanning would take a minute instead of seconds, and the result must not be
//! many times as long as the input.

#[cfg(test)]
mod scale {
    use hallpass_document::Value;
    use hallpass_policy::{AllowlistSet, Options, Profile, Verdict, judge, manifests};
    use serde_json::{Value as Json, json};

    /// More than a cluster can store.
    const MANY: usize = 10_000;

    fn all(item: impl Fn(usize) -> Json) -> Json {
        (0..MANY).map(item).collect()
    }

    /// Evaluates a Pod with one allowlist, and checks the size of the result.
    fn verdict(pod: &Json, criteria: &Json) -> Verdict {
        let allowlist = json!({
            "apiVersion": "auto.gke.io/v1",
            "kind": "WorkloadAllowlist",
            "metadata": {"name": "acme-agent"},
            "exemptions": [
                "autogke-disallow-hostnamespaces",
                "autogke-default-linux-capabilities",
                "autogke-no-write-mode-hostpath",
                "autogke-node-affinity-selector-limitation",
            ],
            "matchingCriteria": criteria,
        });
        let (pod, allowlist) = (pod.to_string(), allowlist.to_string());
        let document = Value::from_json(pod.as_bytes()).unwrap();
        let installed = Value::from_json(allowlist.as_bytes()).unwrap();
        let (found, _) = manifests(&installed);
        let load = AllowlistSet::load(&found);
        assert!(load.invalid.is_empty(), "{:?}", load.invalid);
        let profile = Profile::autopilot();
        let judgement = judge(&document, &load.set, &Options::new(&profile));
        assert_eq!(judgement.faults, []);
        let answer = serde_json::to_string(&judgement).unwrap();
        assert!(answer.len() < 4 * (pod.len() + allowlist.len()), "{} bytes of answer", answer.len());
        judgement.workloads[0].decision.verdict
    }

    fn pod(spec: &Json) -> Json {
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "spec": {"hostPID": true}});
        pod["spec"].as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        pod
    }

    /// A container of a workload, against one with the same items in reverse, and against one that lacks most of them.
    fn check_items(
        field: &str,
        item: impl Fn(usize) -> Json,
        place: impl Fn(&mut Json, Json),
        volumes: bool,
    ) {
        let with = |items: Json| {
            let mut container = json!({"name": "agent", "image": "example.com/agent"});
            place(&mut container, items);
            let mut spec = json!({"hostPID": true, "containers": [container]});
            if volumes {
                spec["volumes"] = all(|index| json!({"name": format!("v{index}")}));
            }
            spec
        };
        let reversed = all(|index| item(MANY - 1 - index));
        let other = all(|index| if index == 0 { item(0) } else { item(MANY + index) });
        let workload = pod(&with(all(&item)));
        assert_eq!(verdict(&workload, &with(reversed)), Verdict::Exempted, "{field}");
        assert_eq!(verdict(&workload, &with(other)), Verdict::Denied, "{field}");
    }

    #[test]
    fn items_of_a_container() {
        let name = |index: usize| json!({"name": format!("V{index}")});
        let text = |index: usize| json!(format!("--v{index}"));
        check_items("args", text, |container, items| container["args"] = items, false);
        check_items("env", name, |container, items| container["env"] = items, false);
        let capabilities = |list: &'static str| {
            move |container: &mut Json, items: Json| {
                container["securityContext"] = json!({"capabilities": {list: items}});
            }
        };
        check_items("add", text, capabilities("add"), false);
        check_items("drop", text, capabilities("drop"), false);
        let secret = |index: usize| json!({"secretRef": {"name": format!("s{index}")}});
        check_items("envFrom", secret, |container, items| container["envFrom"] = items, false);
    }

    #[test]
    fn mounts_and_volumes() {
        let mount =
            |index: usize| json!({"name": format!("v{}", index % MANY), "mountPath": format!("/v/{index}")});
        check_items("mounts", mount, |container, items| container["volumeMounts"] = items, true);
        let device =
            |index: usize| json!({"name": format!("v{}", index % MANY), "devicePath": format!("/d/{index}")});
        check_items("devices", device, |container, items| container["volumeDevices"] = items, true);
        let hosts =
            |path: &str| all(|index| json!({"name": format!("v{index}"), "hostPath": {"path": path}}));
        let containers = json!([{"name": "agent", "image": "example.com/agent"}]);
        let workload = pod(&json!({"containers": containers, "volumes": hosts("/proc")}));
        let same = json!({"hostPID": true, "containers": containers, "volumes": hosts("/proc")});
        let other = json!({"hostPID": true, "containers": containers, "volumes": hosts("/sys")});
        assert_eq!(verdict(&workload, &same), Verdict::Exempted);
        assert_eq!(verdict(&workload, &other), Verdict::Denied);
    }

    #[test]
    fn containers() {
        let named = |image: &'static str| move |index: usize| json!({"name": format!("c{index}"), "image": format!("{image}{index}")});
        let workload = pod(&json!({"containers": all(named("example.com/a"))}));
        let reversed =
            json!({"hostPID": true, "containers": all(|index| named("example.com/a")(MANY - 1 - index))});
        let other = json!({"hostPID": true, "containers": all(named("example.com/b"))});
        assert_eq!(verdict(&workload, &reversed), Verdict::Exempted);
        assert_eq!(verdict(&workload, &other), Verdict::Denied);
    }

    #[test]
    fn annotations_for_containers() {
        let containers = all(|index| json!({"name": format!("c{index}"), "image": "example.com/a"}));
        let mut workload = pod(&json!({"containers": containers}));
        workload["metadata"]["annotations"] = (0..MANY)
            .map(|index| {
                let key = format!("container.apparmor.security.beta.kubernetes.io/c{index}");
                (key, json!("runtime/default"))
            })
            .collect();
        let criteria = json!({"hostPID": true, "containers": [{"name": "a", "image": "example.com/a"}]});
        assert_eq!(verdict(&workload, &criteria), Verdict::Exempted);
    }

    #[test]
    fn node_labels() {
        let selector: serde_json::Map<_, _> =
            (0..MANY).map(|index| (format!("example.com/k{index}"), json!(""))).collect();
        let container = json!([{"name": "a", "image": "example.com/a"}]);
        let workload = pod(&json!({"nodeSelector": selector, "containers": container}));
        let criteria = json!({"hostPID": true, "containers": container});
        assert_eq!(verdict(&workload, &criteria), Verdict::Exempted);
    }

    /// The patterns of one allowlist are small enough, but those of a thousand would take gigabytes.
    #[test]
    fn patterns_of_many_allowlists() {
        let text: Vec<String> = (0..200)
            .map(|index| {
                json!({
                    "apiVersion": "auto.gke.io/v1",
                    "kind": "WorkloadAllowlist",
                    "metadata": {"name": format!("acme-{index:03}")},
                    "exemptions": [],
                    "matchingCriteria": {"containers": [{"name": "a", "image": format!("^\\pL{{250}}{index}$")}]},
                })
                .to_string()
            })
            .collect();
        let documents: Vec<Value<'_>> =
            text.iter().map(|text| Value::from_json(text.as_bytes()).unwrap()).collect();
        let mut all: Vec<_> = documents.iter().flat_map(|document| manifests(document).0).collect();
        let names = |load: &hallpass_policy::Load<'_>| -> Vec<String> {
            load.set.iter().map(|allowlist| allowlist.name.to_owned()).collect()
        };
        let load = AllowlistSet::load(&all);
        let loaded = names(&load);
        assert!((1..100).contains(&loaded.len()), "{} allowlists", loaded.len());
        assert_eq!(loaded.len() + load.invalid.len(), 200);
        let (index, faults) = &load.invalid[0];
        assert_eq!(*index, loaded.len());
        assert_eq!(
            faults[0].message,
            format!(
                "the patterns of `acme-{index:03}`, together with those of the allowlists before it by name, are too large"
            )
        );
        all.reverse();
        assert_eq!(names(&AllowlistSet::load(&all)), loaded);
    }
}
