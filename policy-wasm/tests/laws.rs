//! Properties of every decision (section Invariants of docs/semantics.md), for any workload and allowlists.
//!
//! Each test starts from a workload that its allowlist exempts by construction, and changes one side.

#[cfg(test)]
mod laws {
    mod judge;

    use hallpass_document::Value;
    use hallpass_policy::{AllowlistSet, Decision, Options, Profile, Verdict};
    use hallpass_samples::{
        Exempted, add_to_allowlist, add_to_workload, entries, exempted, forbid, label, odd_pair, remove,
        replace, shuffled, tree,
    };
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};
    use serde_json::{Value as Json, json};

    use judge::{Target, decide, try_decide};

    fn config() -> Config {
        Config {
            cases: 512,
            rng_seed: RngSeed::Fixed(0x6861_6c6c),
            failure_persistence: None,
            ..Config::default()
        }
    }

    /// Returns the violated constraints, in any order.
    fn violated(decision: &Decision) -> Vec<&'static str> {
        let mut ids: Vec<_> = decision.violations.iter().map(|violation| violation.constraint.id()).collect();
        ids.sort_unstable();
        ids
    }

    /// An empty list, wrapped or not: kubectl applies nothing for it.
    fn holds_nothing(document: &Json) -> bool {
        let items = document["items"].as_array();
        let objects = [&document["request"]["object"], &document["object"]];
        items.is_some_and(|items| items.iter().all(holds_nothing)) || objects.into_iter().any(holds_nothing)
    }

    fn renamed(allowlist: &Json, name: &str) -> Json {
        let mut other = allowlist.clone();
        other["metadata"]["name"] = name.into();
        other
    }

    proptest! {
        #![proptest_config(config())]

        /// The premise of all other tests.
        #[test]
        fn what_is_built_to_match_is_exempted(Exempted { workload, allowlist } in exempted()) {
            let decision = decide(&workload, &[allowlist], Target::Unknown);
            prop_assert_eq!(decision.verdict, Verdict::Exempted, "{:#?}", decision.mismatches);
        }

        #[test]
        fn removing_never_denies(
            Exempted { mut workload, allowlist } in exempted(),
            which in any::<prop::sample::Index>(),
        ) {
            let removable = entries(&workload);
            prop_assume!(!removable.is_empty());
            remove(&mut workload, &removable[which.index(removable.len())]);
            let decision = decide(&workload, &[allowlist], Target::Unknown);
            prop_assert_ne!(decision.verdict, Verdict::Denied, "{:#?}", decision.mismatches);
        }

        #[test]
        fn adding_what_is_not_listed_denies(
            Exempted { mut workload, allowlist } in exempted(),
            what in add_to_workload(),
            which in any::<prop::sample::Index>(),
        ) {
            what.apply(&mut workload, which);
            let decision = decide(&workload, &[allowlist], Target::Unknown);
            prop_assert_eq!(decision.verdict, Verdict::Denied, "{:?} in {:#}", what, workload);
        }

        #[test]
        fn adding_to_an_allowlist_never_denies(
            Exempted { workload, mut allowlist } in exempted(),
            additions in prop::collection::vec(add_to_allowlist(), 1..4),
            which in any::<prop::sample::Index>(),
        ) {
            for addition in &additions {
                addition.apply(&mut allowlist, which);
            }
            let decision = decide(&workload, &[allowlist], Target::Unknown);
            prop_assert_eq!(decision.verdict, Verdict::Exempted, "{:?}: {:#?}", additions, decision.mismatches);
        }

        #[test]
        fn further_allowlists_never_deny(
            Exempted { workload, allowlist } in exempted(),
            others in prop::collection::vec(exempted(), 1..4),
            place in any::<prop::sample::Index>(),
            labelled in any::<bool>(),
        ) {
            let mut workload = workload;
            if labelled {
                label(&mut workload, "acme-agent");
            }
            let mut allowlists: Vec<Json> = others
                .iter()
                .enumerate()
                .map(|(index, other)| renamed(&other.allowlist, &format!("aaa-{index}")))
                .collect();
            let place = place.index(allowlists.len() + 1);
            allowlists.insert(place, allowlist);
            let decision = decide(&workload, &allowlists, Target::Unknown);
            prop_assert_eq!(decision.verdict, Verdict::Exempted);
        }

        /// From GKE 1.34 on. Before, rule M4 makes the order of containers an assumption, and the number of assumptions
        /// determines which of two matching allowlists is reported.
        #[test]
        fn no_decision_depends_on_order(
            one in exempted(),
            other in exempted(),
            changes in prop::collection::vec((add_to_workload(), any::<prop::sample::Index>()), 0..2),
            twin in any::<bool>(),
            seed in any::<u64>(),
        ) {
            let mut workload = one.workload;
            for (what, which) in &changes {
                what.apply(&mut workload, *which);
            }
            let second = if twin { &one.allowlist } else { &other.allowlist };
            let allowlists = vec![one.allowlist.clone(), renamed(second, "acme-beta"), renamed(&other.allowlist, "acme-zeta")];
            let before = decide(&workload, &allowlists, Target::Known("1.35.0-gke.1"));

            let mut turned: Vec<Json> = allowlists.iter().map(|allowlist| shuffled(allowlist, seed)).collect();
            turned.rotate_left(usize::try_from(seed % 3).unwrap());
            let after = decide(&shuffled(&workload, seed), &turned, Target::Known("1.35.0-gke.1"));

            prop_assert_eq!(before.verdict, after.verdict);
            prop_assert_eq!(&before.allowlist, &after.allowlist);
            prop_assert_eq!(before.no_connect, after.no_connect);
            prop_assert_eq!(violated(&before), violated(&after));
        }

        /// The label only restricts: a workload that is exempted with it is also exempted without it, and by the
        /// allowlist that it names.
        #[test]
        fn a_label_only_narrows(
            Exempted { workload, allowlist } in exempted(),
            other in exempted(),
            name in prop::sample::select(vec!["acme-agent", "other", "missing"]),
            renames in any::<bool>(),
        ) {
            let allowlists = [allowlist, renamed(&other.allowlist, "other")];
            let mut labelled = workload.clone();
            label(&mut labelled, name);
            if renames {
                labelled["spec"]["containers"][0]["name"] = "another-name".into();
            }
            let decision = decide(&labelled, &allowlists, Target::Unknown);
            let plain = decide(&workload, &allowlists, Target::Unknown);
            prop_assert_eq!(violated(&decision), violated(&plain));
            if decision.verdict == Verdict::Exempted {
                prop_assert_eq!(decision.allowlist.as_deref(), Some(name));
                prop_assert_eq!(plain.verdict, Verdict::Exempted);
            }
            if name == "missing" || renames {
                prop_assert_eq!(decision.verdict, Verdict::Denied);
            } else if name == "acme-agent" {
                prop_assert_eq!(decision.verdict, Verdict::Exempted);
            }
        }

        #[test]
        fn strict_only_denies(
            Exempted { workload, allowlist } in exempted(),
            changes in prop::collection::vec((add_to_workload(), any::<prop::sample::Index>()), 0..2),
            forbids in any::<bool>(),
            target in prop::sample::select(vec![Target::Unknown, Target::Known("1.33.0-gke.1"), Target::Known("1.35.0-gke.1")]),
            seed in any::<u64>(),
        ) {
            let mut workload = shuffled(&workload, seed);
            for (what, which) in &changes {
                what.apply(&mut workload, *which);
            }
            if forbids {
                forbid(&mut workload);
            }
            let allowlists = [allowlist];
            let usual = decide(&workload, &allowlists, target);
            let strict = judge::decide_strictly(&workload, &allowlists, target);
            prop_assert_eq!(&strict.violations, &usual.violations);
            prop_assert_eq!(&strict.mismatches, &usual.mismatches);
            prop_assert_eq!(&strict.assumptions, &usual.assumptions);
            let expected = if usual.assumptions.is_empty() { usual.verdict } else { Verdict::Denied };
            prop_assert_eq!(strict.verdict, expected);
            if strict.verdict == Verdict::Denied {
                prop_assert_eq!((strict.allowlist, strict.no_connect), (None, None));
            }
        }

        /// A StatefulSet is exempted if its template is, and the Pod that its controller creates (rule W2).
        #[test]
        fn a_stateful_set_is_its_template_and_its_pod(
            Exempted { workload, allowlist } in exempted(),
            claims in prop::sample::subsequence(vec!["data", "logs", "config", "share", "claim", "other"], 0..4),
        ) {
            let templates: Vec<Json> = claims.iter().map(|name| json!({"metadata": {"name": name}})).collect();
            let stateful_set = json!({
                "apiVersion": "apps/v1",
                "kind": "StatefulSet",
                "spec": {"template": {"spec": workload["spec"]}, "volumeClaimTemplates": templates},
            });
            let mut pod = workload;
            let volumes = pod.pointer_mut("/spec/volumes").and_then(Json::as_array_mut).unwrap();
            volumes.retain(|volume| !claims.iter().any(|name| volume["name"] == *name));
            volumes.extend(claims.iter().map(|name| json!({"name": name, "persistentVolumeClaim": {"claimName": "x"}})));
            let allowlists = [allowlist];
            let made = decide(&pod, &allowlists, Target::Unknown);
            let whole = decide(&stateful_set, &allowlists, Target::Unknown);
            prop_assert_eq!(whole.verdict, made.verdict, "{:#?}", whole.mismatches);
        }

        /// Every document is evaluated, skipped and counted, or an error (rule W1).
        #[test]
        fn no_document_vanishes(odd in tree(), other in tree()) {
            let profile = Profile::autopilot();
            let options = Options::new(&profile);
            for document in [
                json!({"apiVersion": "v1", "kind": "List", "items": [odd, other]}),
                json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": odd}),
                json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"object": odd}}),
                json!({"kind": odd, "operation": other, "object": {"kind": "Pod", "spec": other}}),
                json!({"apiVersion": "v1", "kind": "Pod", "items": odd, "spec": other}),
                odd,
            ] {
                let text = document.to_string();
                let root = Value::from_json(text.as_bytes()).unwrap();
                let judgement = hallpass_policy::judge(&root, &AllowlistSet::default(), &options);
                let answers = judgement.workloads.len() + judgement.faults.len() + judgement.skipped;
                prop_assert!(answers > 0 || document.is_null() || holds_nothing(&document), "{document}");
            }
        }

        /// No tree makes a reader or a decision panic, and every error has a location.
        #[test]
        fn no_tree_is_too_odd(
            (mut workload, mut allowlist) in odd_pair(),
            odd in tree(),
            place in any::<prop::sample::Index>(),
            in_workload in any::<bool>(),
        ) {
            drop(try_decide(&workload, &[allowlist.clone()]));
            let changed = if in_workload { &mut workload } else { &mut allowlist };
            replace(changed, place, odd.clone());
            for fault in try_decide(&workload, &[allowlist.clone()]).err().into_iter().flatten() {
                prop_assert!(fault.path.is_empty() || fault.path.starts_with('/'), "{}", fault);
            }
            // Only the odd tree, on either side.
            drop(try_decide(&odd, &[allowlist]));
            drop(try_decide(&workload, std::slice::from_ref(&odd)));
            let text = odd.to_string();
            drop(Profile::read(&Value::from_json(text.as_bytes()).unwrap()));
        }
    }
}
