//! Properties of mirrored manifests.

#[cfg(test)]
mod mirror {
    use hallpass_author::mirror::{Change, Mirror, Registry, rewrite};
    use hallpass_document::Value;
    use hallpass_edit::yaml;
    use hallpass_policy::{
        AllowlistSet, Decision, Options, Profile, Role, Verdict, Workload, decide, manifests,
    };
    use hallpass_reader::Document;
    use hallpass_samples::{Exempted, exempted, label, seeded};
    use hallpass_workload::ImageReference;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    fn registry() -> Registry {
        "mirror.example:5000/acme".parse().unwrap()
    }

    fn mirror(registry: &Registry) -> Mirror<'_> {
        Mirror { registry, keep_registry: false, pins: None }
    }

    fn documents(text: &str) -> Vec<Document<'_>> {
        hallpass_reader::read(text.as_bytes()).map(Result::unwrap).collect()
    }

    fn rewritten(text: &str, mirror: &Mirror<'_>) -> (String, Vec<Vec<Change>>) {
        let documents = documents(text);
        let changes: Vec<Vec<Change>> =
            documents.iter().map(|document| mirror.plan(document.root()).unwrap().changes).collect();
        let edits: Vec<_> =
            documents.iter().zip(&changes).map(|(one, changes)| (one, changes.as_slice())).collect();
        (rewrite(text.as_bytes(), &edits).unwrap(), changes)
    }

    /// Refers to every image by a digest, which the allowlist lists for its containers.
    fn by_digest(mut sample: Exempted) -> Exempted {
        let mut digests = Vec::new();
        for list in ["containers", "initContainers"] {
            let containers =
                sample.workload.pointer_mut(&format!("/spec/{list}")).and_then(Json::as_array_mut);
            for container in containers.into_iter().flatten() {
                let hex = format!("{:064x}", digests.len() + 1);
                let path = ImageReference::parse(container["image"].as_str().unwrap()).path;
                let tag = if digests.len().is_multiple_of(2) { ":1.2" } else { "" };
                container["image"] = json!(format!("{path}{tag}@sha256:{hex}"));
                digests.push(hex);
            }
        }
        let mut names: Vec<Json> = Vec::new();
        for list in ["containers", "initContainers"] {
            let containers = sample.allowlist.pointer(&format!("/matchingCriteria/{list}"));
            names.extend(
                containers.and_then(Json::as_array).into_iter().flatten().map(|one| one["name"].clone()),
            );
        }
        let entry = |name: Json| json!({"containerName": name, "imageDigests": digests});
        sample.allowlist["containerImageDigests"] = names.into_iter().map(entry).collect();
        sample
    }

    fn decision(workload: &Value<'_>, allowlist: &Json) -> Decision {
        let text = allowlist.to_string();
        let allowlist = Value::from_json(text.as_bytes()).unwrap();
        let load = AllowlistSet::load(&manifests(&allowlist).0);
        assert!(load.invalid.is_empty(), "{:?}", load.invalid);
        let (found, _) = manifests(workload);
        let Ok(Role::Workload(kind)) = found[0].role() else { panic!("a Pod") };
        let read = Workload::read(&found[0], kind).unwrap();
        decide(&read.workload, &load.set, &Options::new(&Profile::autopilot()))
    }

    /// Sets every reference to the same text, so that trees can be compared without them.
    fn without_images(json: &mut Json) {
        match json {
            Json::Object(fields) => {
                for (key, value) in fields {
                    match value {
                        Json::String(image) if key == "image" => image.clear(),
                        value => without_images(value),
                    }
                }
            }
            Json::Array(items) => items.iter_mut().for_each(without_images),
            _ => {}
        }
    }

    proptest! {
        #![proptest_config(seeded(192, 0x6d69_7272))]

        #[test]
        fn only_images_change_and_only_once(sample in exempted()) {
            let pod = by_digest(sample).workload.to_string();
            let text = format!("# before\n{}--- # between\n{pod}\n", yaml(&Value::from_json(pod.as_bytes()).unwrap()));
            let registry = registry();
            let (new, changes) = rewritten(&text, &mirror(&registry));
            prop_assert!(changes.iter().all(|changes| !changes.is_empty()));
            for (old, new) in documents(&text).iter().zip(&documents(&new)) {
                let [mut old, mut new] = [old, new].map(|one| serde_json::to_value(one.root()).unwrap());
                prop_assert_ne!(&old, &new);
                without_images(&mut old);
                without_images(&mut new);
                prop_assert_eq!(old, new);
            }
            let lines = |text: &str| text.lines().filter(|line| !line.contains("image")).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(lines(&text), lines(&new));
            let (again, changes) = rewritten(&new, &mirror(&registry));
            prop_assert!(changes.iter().all(Vec::is_empty));
            prop_assert_eq!(again, new);
        }

        #[test]
        fn an_allowlist_that_lists_the_digests_decides_the_same(sample in exempted(), labelled in any::<bool>(), keep_registry in any::<bool>()) {
            let mut sample = by_digest(sample);
            if labelled {
                label(&mut sample.workload, "acme-agent");
            }
            let text = sample.workload.to_string();
            let registry = registry();
            let (new, _) = rewritten(&text, &Mirror { keep_registry, ..mirror(&registry) });
            let [old, new] = [&text, &new].map(|text| decision(documents(text)[0].root(), &sample.allowlist));
            prop_assert_ne!(old.verdict, Verdict::Denied);
            prop_assert_eq!(old.verdict, new.verdict);
            prop_assert_eq!(old.allowlist, new.allowlist);
            prop_assert_eq!(old.violations, new.violations);
        }
    }

    #[test]
    fn every_kind_of_container_is_rewritten_in_every_kind_of_workload() {
        let digest = format!("@sha256:{}", "a".repeat(64));
        let pod = format!(
            "{{initContainers: [{{name: i, image: 'quay.io/i:1{digest}'}}], containers: [{{name: c, image: nginx{digest}}}], \
             ephemeralContainers: [{{name: e, image: e/e{digest}}}]}}"
        );
        let text = format!(
            "apiVersion: v1\nkind: List\nitems:\n\
             - {{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {pod}}}\n\
             - {{apiVersion: apps/v1, kind: Deployment, metadata: {{name: b}}, spec: {{template: {{spec: {pod}}}}}}}\n\
             - {{apiVersion: batch/v1, kind: CronJob, metadata: {{name: c}}, spec: {{jobTemplate: {{spec: {{template: {{spec: {pod}}}}}}}}}}}\n\
             - {{apiVersion: acme.example/v1, kind: Agent, metadata: {{name: d}}, spec: {{image: nginx{digest}}}}}\n"
        );
        let registry = registry();
        let (new, changes) = rewritten(&text, &mirror(&registry));
        assert_eq!(changes.iter().flatten().count(), 9);
        let expected = text
            .replace(&format!("'quay.io/i:1{digest}'"), &format!("'mirror.example:5000/acme/i{digest}'"))
            .replace(
                &format!("name: c, image: nginx{digest}"),
                &format!("name: c, image: mirror.example:5000/acme/library/nginx{digest}"),
            )
            .replace(&format!("image: e/e{digest}"), &format!("image: mirror.example:5000/acme/e/e{digest}"));
        assert_eq!(new, expected);
    }

    /// Returns an allowlist whose containers have the same image, and digests of one digit.
    fn listing(name: &str, containers: &[(&str, &str)]) -> String {
        let names: Vec<Json> =
            containers.iter().map(|(name, _)| json!({"name": name, "image": "r.example/x"})).collect();
        let listed = containers.iter().filter(|(_, digits)| !digits.is_empty());
        let listed: Vec<Json> = listed
            .map(|(name, digits)| {
                let digests: Vec<String> = digits.chars().map(|digit| digit.to_string().repeat(64)).collect();
                json!({"containerName": name, "imageDigests": digests})
            })
            .collect();
        json!({
            "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": name}, "exemptions": [],
            "matchingCriteria": {"containers": names}, "containerImageDigests": listed
        })
        .to_string()
    }

    /// Returns the digit of the digest that a container gets, or the message.
    fn pinned(
        allowlists: &[String],
        (list, name): (&str, &str),
        selects: Option<&str>,
    ) -> Result<String, String> {
        let values: Vec<Value<'_>> =
            allowlists.iter().map(|text| Value::from_json(text.as_bytes()).unwrap()).collect();
        let found: Vec<_> = values.iter().flat_map(|value| manifests(value).0).collect();
        let load = AllowlistSet::load(&found);
        assert!(load.invalid.is_empty(), "{:?}", load.invalid);
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "main", "image": "mirror.example:5000/acme/main"}]}});
        pod["spec"][list] = json!([{"name": name, "image": "r.example/x:1"}]);
        if let Some(selected) = selects {
            label(&mut pod, selected);
        }
        let (text, registry) = (pod.to_string(), registry());
        let root = Value::from_json(text.as_bytes()).unwrap();
        match (Mirror { pins: Some(&load.set), ..mirror(&registry) }).plan(&root) {
            Ok(plan) => {
                let change = &plan.changes[0];
                let by = change.pinned_by.as_deref().unwrap();
                Ok(format!("{:x} of {by}", change.digest[0] & 15))
            }
            Err(faults) => {
                assert_eq!(faults[0].path, format!("/spec/{list}/0/image"));
                Err(faults[0].message.clone())
            }
        }
    }

    #[test]
    fn the_only_digest_of_the_entries_for_a_container_is_taken() {
        let both = listing("both", &[("agent", "1"), ("trace", "2")]);
        let one = listing("one", &[("agent", "1")]);
        let none = listing("none", &[("agent", "")]);
        let agent = ("containers", "agent");
        assert_eq!(pinned(&[one.clone(), none.clone()], agent, None), Ok("1 of one".to_owned()));
        assert_eq!(
            pinned(std::slice::from_ref(&one), ("containers", "renamed"), None),
            Ok("1 of one".to_owned())
        );
        assert_eq!(pinned(&[both.clone(), one.clone()], agent, Some("both")), Ok("1 of both".to_owned()));

        let what = |name: &str| format!("image `r.example/x:1` of container `{name}` has no digest, and ");
        let message = |allowlists: &[String], container: (&str, &str), selects| {
            let message = pinned(allowlists, container, selects).unwrap_err();
            message.strip_prefix(&what(container.1)).unwrap_or(&message).to_owned()
        };
        let several = message(&[both.clone(), one.clone()], agent, None);
        assert!(several.starts_with("2 are listed for it: `sha256:1"), "{several}");
        assert_eq!(message(&[none], agent, None), "the allowlist `none` lists none for it");
        assert_eq!(
            message(&[both], ("containers", "renamed"), Some("both")),
            "the allowlist `both`, which the label names, has no entry for it"
        );
        assert_eq!(message(&[one], ("initContainers", "agent"), None), "no allowlist has an entry for it");
    }
}
