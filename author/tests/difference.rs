//! Properties of the difference of two allowlists.

#[cfg(test)]
mod difference {
    use hallpass_author::difference::{Example, Grant, Work, grants};
    use hallpass_document::Value;
    use hallpass_policy::{AllowlistSet, Options, Profile, Role, Verdict, Workload, decide, manifests};
    use hallpass_samples::{Exempted, add_to_allowlist, exempted, seeded, shuffled};
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::{Value as Json, json};

    /// `None` if one of them is not a valid allowlist.
    fn try_grants(allowlist: &Json, other: &Json) -> Option<Vec<Grant>> {
        try_grants_within(allowlist, other, &mut Work::default())
    }

    fn try_grants_within(allowlist: &Json, other: &Json, work: &mut Work) -> Option<Vec<Grant>> {
        let texts = [allowlist, other].map(Json::to_string);
        let values = texts.each_ref().map(|text| Value::from_json(text.as_bytes()).unwrap());
        let [one, two] = values.each_ref().map(|value| AllowlistSet::load(&manifests(value).0).set);
        let (one, two) = (one.iter().next(), two.iter().next());
        Some(grants(one?, two?, work))
    }

    fn compared(allowlist: &Json, other: &Json) -> Vec<Grant> {
        try_grants(allowlist, other).expect("both are allowlists")
    }

    /// `None` if the allowlist or the workload is invalid.
    fn is_exempted(workload: &Json, allowlist: &Json) -> Option<bool> {
        let profile = Profile::autopilot();
        let texts = [workload, allowlist].map(Json::to_string);
        let values = texts.each_ref().map(|text| Value::from_json(text.as_bytes()).unwrap());
        let [workloads, allowlists] = values.each_ref().map(|value| manifests(value).0);
        let load = AllowlistSet::load(&allowlists);
        let Ok(Role::Workload(kind)) = workloads.first()?.role() else { return None };
        let read = Workload::read(workloads.first()?, kind).ok()?;
        let decision = decide(&read.workload, &load.set, &Options::new(&profile));
        load.invalid.is_empty().then_some(decision.verdict == Verdict::Exempted)
    }

    /// Changes any part of an allowlist below its criteria, exemptions and digests.
    #[derive(Clone, Debug)]
    enum Edit {
        Remove,
        Replace(Json),
    }

    fn edit() -> impl Strategy<Value = Edit> {
        prop_oneof![
            2 => Just(Edit::Remove),
            1 => prop::sample::select(vec![
                json!(true), json!(false), json!("^.*$"), json!("^[a-z./-]+$"), json!("^--[a-z]+(=.*)?$"),
                json!("/one"), json!("a"), json!(""), json!("Unconfined"), json!("RuntimeDefault"), json!(420),
            ]).prop_map(Edit::Replace),
        ]
    }

    fn places(json: &Json, at: &str, found: &mut Vec<String>) {
        let mut add = |step: &str, value: &Json| {
            let place = format!("{at}/{}", step.replace('~', "~0").replace('/', "~1"));
            places(value, &place, found);
            found.push(place);
        };
        match json {
            Json::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| add(&index.to_string(), item));
            }
            Json::Object(fields) => fields.iter().for_each(|(key, value)| add(key, value)),
            _ => {}
        }
    }

    fn apply(edit: &Edit, which: Index, allowlist: &mut Json) {
        let mut found = Vec::new();
        for field in ["exemptions", "matchingCriteria", "containerImageDigests"] {
            places(&allowlist[field], &format!("/{field}"), &mut found);
        }
        let place = which.get(&found);
        if let Edit::Replace(value) = edit {
            *allowlist.pointer_mut(place).unwrap() = value.clone();
            return;
        }
        let (parent, step) = place.rsplit_once('/').unwrap();
        match allowlist.pointer_mut(parent).unwrap() {
            Json::Array(items) => drop(items.remove(step.parse().unwrap())),
            Json::Object(fields) => drop(fields.remove(step)),
            scalar => panic!("{scalar} has no children"),
        }
    }

    /// An allowlist with patterns that are compared with all of the other side.
    fn with_env(patterns: impl Iterator<Item = String>) -> Json {
        let env: Vec<Json> = patterns.map(|name| json!({"name": name})).collect();
        json!({"apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "a-v1"},
            "exemptions": ["autogke-disallow-hostnamespaces"],
            "matchingCriteria": {"hostPID": true, "containers": [{"name": "a", "image": "a.example/a", "env": env}]}})
    }

    fn many(end: &str) -> Json {
        let first = (0..200).map(move |number| format!("^A{number}.*{end}$"));
        with_env(first.chain((0..200).map(|number| format!("^.*{number}$"))))
    }

    #[test]
    fn many_patterns_that_differ_are_found() {
        let (old, new) = (many("B"), many("C"));
        let found = compared(&new, &old);
        assert_eq!(found.len(), 200);
        assert!(
            found
                .iter()
                .all(|grant| matches!(&grant.example, Some(Example::Text(text)) if text.ends_with('C')))
        );
    }

    #[test]
    fn patterns_within_one_of_many_are_no_difference() {
        assert_eq!(compared(&many("B+"), &many("B")), []);
    }

    #[test]
    fn comparisons_without_work_count_as_wider() {
        // Each is within two patterns of the other side, but not within one.
        let new = with_env((0..200).map(|number| format!("^A{number}.*[BC]$")));
        let old = with_env((0..200).flat_map(|number| ["B", "C"].map(|end| format!("^A{number}.*{end}$"))));
        let found = compared(&new, &old);
        assert!(found.iter().all(|grant| grant.example == Some(Example::Undecided)), "{found:?}");
        let mut spent = Work::default();
        spent.take(usize::MAX);
        assert_eq!(try_grants_within(&new, &old, &mut spent).unwrap().len(), 200);
    }

    proptest! {
        #![proptest_config(seeded(512, 0x6469_6666))]

        #[test]
        fn nothing_differs_from_itself_in_any_order(
            Exempted { allowlist, .. } in exempted(),
            seed in any::<u64>(),
        ) {
            prop_assert_eq!(compared(&allowlist, &allowlist), []);
            let other = shuffled(&allowlist, seed);
            prop_assert_eq!(compared(&allowlist, &other), []);
            prop_assert_eq!(compared(&other, &allowlist), []);
        }

        #[test]
        fn an_addition_grants_and_takes_nothing(
            Exempted { allowlist, .. } in exempted(),
            what in add_to_allowlist(),
            which in any::<Index>(),
        ) {
            let mut more = allowlist.clone();
            what.apply(&mut more, which);
            prop_assert_eq!(compared(&allowlist, &more), [], "{:?}", what);
        }

        /// The property that everything depends on: a workload that only one version exempts is never missed.
        #[test]
        fn a_lost_exemption_is_a_difference(
            Exempted { workload, allowlist } in exempted(),
            edits in prop::collection::vec((edit(), any::<Index>()), 1..4),
        ) {
            let mut other = allowlist.clone();
            for (edit, which) in &edits {
                apply(edit, *which, &mut other);
            }
            if is_exempted(&workload, &other) == Some(false) {
                prop_assert_ne!(compared(&allowlist, &other), [], "{:#}", other);
            }
        }

        #[test]
        fn without_a_difference_there_is_none_through_a_third(
            Exempted { allowlist, .. } in exempted(),
            edits in prop::collection::vec((edit(), any::<Index>()), 2),
        ) {
            let versions = [0, 1, 2].map(|count| {
                let mut version = allowlist.clone();
                edits[..count].iter().for_each(|(edit, which)| apply(edit, *which, &mut version));
                version
            });
            let [one, two, three] = &versions;
            if try_grants(one, two) == Some(vec![]) && try_grants(two, three) == Some(vec![]) {
                prop_assert_eq!(compared(one, three), []);
            }
        }
    }
}
