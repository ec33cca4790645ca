//! Properties of all paths and lists.

use hallpass_policy::synchronizer::{
    AllowedPath, AuthorizedPaths, Refusal, Requested, admits, is_allowlist_path,
};
use hallpass_renderer::admission::{Exempt, allow_only, authorized};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Map, Value as Json, json};

use crate::policy::{Answer, Request, ask};
use hallpass_cel::evaluate;

pub(crate) fn config() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(0x6861_6c6c),
        failure_persistence: None,
        ..Config::default()
    }
}

/// Paths from few segments, so that lists and requests often match. Every invalid form occurs.
pub(crate) fn path() -> impl Strategy<Value = String> {
    let odd = || {
        prop::sample::select(vec![
            "", ".", "..", "*", "a*", ".a", "gs:", "é", "'", "a ", "a\n", "\\", "${a}", "%2e", "\0",
        ])
    };
    let segment = prop_oneof![12 => prop::sample::select(vec!["a", "a", "b", "ab"]), 1 => odd()];
    let last = prop_oneof![
        6 => prop::sample::select(vec!["a.yaml", "b.yaml", "a.json"]),
        4 => Just("*"),
        1 => prop::sample::select(vec!["a", ".yaml", "a.yaml\n", "a.yaml ", "a.yaml\0", "**"]),
        1 => odd(),
    ];
    (prop::collection::vec(segment, 0..3), last).prop_map(|(mut segments, last)| {
        segments.push(last);
        segments.join("/")
    })
}

pub(crate) fn origin() -> impl Strategy<Value = (Option<String>, Option<i64>)> {
    let bucket =
        prop_oneof![3 => Just(None), 3 => Just(Some("b")), 1 => Just(Some("it's")), 1 => Just(Some(""))];
    let project = prop_oneof![3 => Just(None), 3 => Just(Some(1)), 1 => Just(Some(i64::MAX))];
    (bucket, project).prop_map(|(bucket, project)| (bucket.map(str::to_owned), project))
}

pub(crate) fn entry() -> impl Strategy<Value = AllowedPath> {
    (path(), origin()).prop_map(|(path, (bucket_name, project_number))| AllowedPath {
        path,
        bucket_name,
        project_number,
    })
}

pub(crate) fn spec(paths: &[String], bucket: Option<&str>, project: Option<i64>) -> Json {
    let bucket = bucket.map(|bucket| ("bucketName".to_owned(), bucket.into()));
    let project = project.map(|project| ("projectNumber".to_owned(), project.into()));
    let paths = ("allowlistPaths".to_owned(), json!(paths));
    [Some(paths), bucket, project].into_iter().flatten().collect::<Map<_, _>>().into()
}

/// Entries as in `--authorized-paths`.
fn authorized_path() -> impl Strategy<Value = String> {
    let origin = prop::sample::select(vec!["gke://", "gs://b/", "gs://c/"]);
    let path = prop_oneof![1 => Just("*".to_owned()), 6 => path().prop_filter("valid", |path| is_allowlist_path(path))];
    (origin, path).prop_map(|(origin, path)| format!("{origin}{path}"))
}

fn names(denial: &str, path: &str) -> bool {
    // Kubernetes does not print messages with several lines.
    denial.contains(&format!("`{path}`")) || path.contains('\n')
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_name_in_a_policy_stands_for_itself(name in any::<String>(), other in any::<String>()) {
        let exempt = Exempt { users: vec![name.clone()], groups: Vec::new() };
        let [policy, _] = allow_only(&[], &exempt);
        let expression = policy["spec"]["matchConditions"][0]["expression"].as_str().unwrap();
        prop_assert!(expression.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        prop_assert!(!expression.contains('$'));
        for (user, is_exempt) in [(&name, true), (&other, name == other)] {
            let request = json!({"userInfo": {"username": user}});
            let judged = evaluate(expression, &[("request", &request)]);
            prop_assert_eq!(judged, Ok(json!(!is_exempt)));
        }
    }

    #[test]
    fn the_policy_and_the_function_agree(
        allowed in prop::collection::vec(entry(), 0..6),
        paths in prop::collection::vec(path(), 0..3),
        (bucket, project) in origin(),
    ) {
        let [policy, _] = allow_only(&allowed, &Exempt::default());
        let answer = ask(&policy, &Request::create(spec(&paths, bucket.as_deref(), project)));
        let texts: Vec<&str> = paths.iter().map(String::as_str).collect();
        let requested = Requested { paths: &texts, bucket_name: bucket.as_deref(), project_number: project };
        match (admits(&allowed, &requested), answer) {
            (Ok(()), Answer::Admitted) => {}
            (Err(Refusal::Empty), Answer::Denied(denial)) => prop_assert!(denial.contains("at least one")),
            (Err(Refusal::Malformed(path)), Answer::Denied(denial)) => {
                prop_assert!(denial.contains("neither") || path.contains('\n'));
                prop_assert!(names(&denial, path), "{denial} {path}");
            }
            (Err(Refusal::Unlisted(path)), Answer::Denied(denial)) => {
                prop_assert!(denial.contains("not allowed"));
                prop_assert!(names(&denial, path), "{denial} {path}");
            }
            (function, policy) => prop_assert!(false, "{function:?} against {policy:?}"),
        }
    }

    #[test]
    fn unauthorized_paths_are_refused_with_the_message_of_gke(
        entries in prop::collection::vec(authorized_path(), 0..6),
        paths in prop::collection::vec(path(), 1..9),
        bucket in prop::option::of(prop::sample::select(vec!["b", "c", "it's", ""])),
    ) {
        let list: AuthorizedPaths = entries.join(",").parse().unwrap();
        let unauthorized: Vec<&str> =
            paths.iter().map(String::as_str).filter(|path| !list.permits(bucket, path)).collect();
        let expected = match paths.iter().find(|path| !is_allowlist_path(path)) {
            Some(_) => None,
            None if unauthorized.is_empty() => Some(Answer::Admitted),
            None => Some(Answer::Denied(list.refusal(bucket, &unauthorized))),
        };
        let [policy, _] = authorized(&list);
        let answer = ask(&policy, &Request::create(spec(&paths, bucket, Some(1))));
        match expected {
            Some(expected) => prop_assert_eq!(answer, expected),
            // The message for invalid paths is that of the other policies.
            None => prop_assert!(matches!(answer, Answer::Denied(message) if !message.contains("Unauthorized"))),
        }
    }

    #[test]
    fn taking_paths_away_is_never_refused(
        allowed in prop::collection::vec(entry(), 0..4),
        paths in prop::collection::vec(path(), 0..5),
        kept in prop::collection::vec(any::<bool>(), 5),
        (bucket, project) in origin(),
    ) {
        let left: Vec<String> =
            paths.iter().zip(kept).filter(|(_, kept)| *kept).map(|(path, _)| path.clone()).collect();
        let [policy, _] = allow_only(&allowed, &Exempt::default());
        let request = Request::update(
            spec(&paths, bucket.as_deref(), project),
            spec(&left, bucket.as_deref(), project),
        );
        prop_assert_eq!(ask(&policy, &request), Answer::Admitted);
    }

    #[test]
    fn an_update_that_brings_a_path_is_judged_like_a_creation(
        allowed in prop::collection::vec(entry(), 0..4),
        old in prop::collection::vec(path(), 0..4),
        new in prop::collection::vec(path(), 1..4),
    ) {
        prop_assume!(new.iter().any(|path| !old.contains(path)));
        let [policy, _] = allow_only(&allowed, &Exempt::default());
        let created = ask(&policy, &Request::create(spec(&new, None, None)));
        let updated = ask(&policy, &Request::update(spec(&old, None, None), spec(&new, None, None)));
        prop_assert_eq!(updated, created);
    }
}
