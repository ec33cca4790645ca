//! Checks of `hallpass status` that the health checks do not have.

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_policy::manifests;
use hallpass_renderer::Wanted;
use hallpass_renderer::status::{
    Cause, Cluster, State, Synchronizer, Timestamp, allowlist_name, file_path, judge, removal,
};
use serde_json::{Value as Json, json};

fn cluster<'c>(allowlists: Option<&'c BTreeSet<&'c str>>) -> Cluster<'c> {
    Cluster { now: "2026-01-02T10:00:00Z".parse::<Timestamp>().unwrap(), allowlists }
}

/// Returns a ready synchronizer with two paths.
fn ready() -> Json {
    json!({
        "apiVersion": "auto.gke.io/v1",
        "kind": "AllowlistSynchronizer",
        "metadata": {"name": "partner", "generation": 2},
        "spec": {"allowlistPaths": ["a/one.yaml", "b/*"]},
        "status": {
            "conditions": [{"type": "Ready", "status": "True", "observedGeneration": 2}],
            "lastSyncAttempt": "2026-01-02T09:59:00Z",
            "managedAllowlistStatus": [
                {"filePath": "a/one.yaml", "phase": "Installed"},
                {"filePath": "b/two.yaml", "phase": "Installed"},
            ],
        },
    })
}

fn judged(
    object: &Json,
    fleet: Option<&Wanted<'_>>,
    cluster: &Cluster<'_>,
) -> (State, Vec<Cause>, Vec<Cause>) {
    let bytes = object.to_string().into_bytes();
    let value = Value::from_json(&bytes).unwrap();
    let (found, _) = manifests(&value);
    let synchronizer = Synchronizer::read(&found[0]).unwrap();
    let judgement = judge(&synchronizer, fleet, cluster);
    let causes = |findings: &[hallpass_renderer::status::Finding]| {
        findings.iter().map(|finding| finding.cause).collect()
    };
    (judgement.state, causes(&judgement.findings), causes(&judgement.warnings))
}

#[test]
fn a_fleet_wants_more_than_the_spec_says() {
    let asked = |paths: &[&str]| {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        judged(&ready(), Some(&wanted(&paths, None, None)), &cluster(None))
    };
    assert_eq!(asked(&["b/*", "a/one.yaml"]), (State::Ready, vec![], vec![]));
    assert_eq!(asked(&["c/three.yaml"]), (State::Waiting, vec![Cause::NotInSpec], vec![]));
    // The spec in effect covers it, but the fleet does not render it.
    assert_eq!(asked(&["b/two.yaml"]), (State::Waiting, vec![Cause::NotInSpec], vec![]));
}

fn wanted<'w>(paths: &'w [String], bucket_name: Option<&'w str>, project_number: Option<i64>) -> Wanted<'w> {
    Wanted { name: "partner", paths, bucket_name, project_number, pointer: String::new() }
}

#[test]
fn a_fleet_wants_its_paths_from_one_bucket() {
    let paths = ["a/one.yaml".to_owned(), "b/*".to_owned()];
    let origins = [
        (None, None),
        (Some("ours"), Some(1)),
        (Some("ours"), Some(2)),
        (Some("theirs"), Some(1)),
        (Some("ours"), None),
        (None, Some(1)),
    ];
    for (bucket, project) in origins {
        let mut object = ready();
        if let Some(bucket) = bucket {
            object["spec"]["bucketName"] = bucket.into();
        }
        if let Some(project) = project {
            object["spec"]["projectNumber"] = project.into();
        }
        for asked in origins {
            let fleet = wanted(&paths, asked.0, asked.1);
            let expected = if asked == (bucket, project) {
                (State::Ready, vec![], vec![])
            } else {
                (State::Waiting, vec![Cause::OtherBucket], vec![])
            };
            assert_eq!(judged(&object, Some(&fleet), &cluster(None)), expected, "{asked:?}");
        }
    }
}

#[test]
fn installed_files_must_be_in_the_cluster() {
    let both = BTreeSet::from(["one", "two"]);
    assert_eq!(judged(&ready(), None, &cluster(Some(&both))), (State::Ready, vec![], vec![]));
    let one = BTreeSet::from(["one"]);
    let (state, findings, _) = judged(&ready(), None, &cluster(Some(&one)));
    assert_eq!((state, findings), (State::Waiting, vec![Cause::NotInCluster]));
}

#[test]
fn an_allowlist_may_be_named_as_its_file_is() {
    let both = BTreeSet::from(["one.yaml", "two"]);
    assert_eq!(judged(&ready(), None, &cluster(Some(&both))), (State::Ready, vec![], vec![]));
    let other = BTreeSet::from(["one.yaml.bak", "two"]);
    assert_eq!(judged(&ready(), None, &cluster(Some(&other))).1, [Cause::NotInCluster]);
}

#[test]
fn a_file_in_its_bucket_is_the_one_of_the_relative_path() {
    for (own, written, state) in [
        (Some("ours"), "gs://ours/a/one.yaml", State::Ready),
        (Some("ours"), "a/one.yaml", State::Ready),
        // Google's own repository is a bucket with an unspecified name.
        (None, "gs://theirs/a/one.yaml", State::Ready),
        (Some("ours"), "gs://theirs/a/one.yaml", State::Waiting),
    ] {
        let mut object = ready();
        if let Some(own) = own {
            object["spec"]["bucketName"] = own.into();
        }
        object["status"]["managedAllowlistStatus"][0]["filePath"] = written.into();
        assert_eq!(judged(&object, None, &cluster(None)).0, state, "{own:?} {written}");
    }
}

#[test]
fn what_is_gone_from_one_bucket_may_be_in_another() {
    let mut object = ready();
    object["spec"]["bucketName"] = "ours".into();
    let bytes = object.to_string().into_bytes();
    let value = Value::from_json(&bytes).unwrap();
    let (found, _) = manifests(&value);
    let synchronizers = [Synchronizer::read(&found[0]).unwrap()];
    let remains = |path: &str, names: &[&str]| {
        removal(path, &synchronizers, &names.iter().copied().collect()).remains.len()
    };
    assert_eq!(remains("a/one.yaml", &[]), 2);
    assert_eq!(remains("gs://ours/a/one.yaml", &[]), 2);
    assert_eq!(remains("gs://theirs/a/one.yaml", &[]), 0);
    assert_eq!(remains("c/three.yaml", &["three.yaml"]), 1);
    assert_eq!(remains("gs://theirs/c/three.yaml", &["three"]), 1);
}

#[test]
fn a_time_is_told_as_people_say_it() {
    for (time, said) in [
        ("2026-01-02T09:29:00Z", "31 minutes ago"),
        ("2026-01-02T08:01:00Z", "119 minutes ago"),
        ("2026-01-02T07:30:00Z", "2 hours ago"),
        ("2025-12-31T10:30:00Z", "47 hours ago"),
        ("2025-12-30T10:00:00Z", "3 days ago"),
        ("2025-03-01T23:30:00+01:00", "on 2025-03-01"),
    ] {
        let mut object = ready();
        object["status"]["lastSyncAttempt"] = time.into();
        let bytes = object.to_string().into_bytes();
        let value = Value::from_json(&bytes).unwrap();
        let (found, _) = manifests(&value);
        let judgement = judge(&Synchronizer::read(&found[0]).unwrap(), None, &cluster(None));
        let warning = &judgement.warnings[0].message;
        assert_eq!(*warning, format!("the last sync attempt was {said}"));
    }
}

#[test]
fn files_that_nobody_wants_decide_nothing_unless_they_failed() {
    for (phase, state) in [("Stale", State::Ready), ("Failed", State::Failed)] {
        let mut object = ready();
        let files = object["status"]["managedAllowlistStatus"].as_array_mut().unwrap();
        files.push(json!({"filePath": "c/three.yaml", "phase": phase}));
        assert_eq!(judged(&object, None, &cluster(None)).0, state);
    }
}

#[test]
fn an_old_or_senseless_time_of_the_last_sync_is_told() {
    for (time, warnings) in [
        ("2026-01-02T09:30:00Z", vec![]),
        ("2026-01-02T09:29:59Z", vec![Cause::SyncOverdue]),
        ("2026-01-02T11:29:59+02:00", vec![Cause::SyncOverdue]),
        ("2026-01-03T00:00:00Z", vec![]),
        ("yesterday", vec![Cause::SyncOverdue]),
        ("-009999-01-01T00:00:00Z", vec![Cause::SyncOverdue]),
    ] {
        let mut object = ready();
        object["status"]["lastSyncAttempt"] = time.into();
        assert_eq!(judged(&object, None, &cluster(None)), (State::Ready, vec![], warnings), "{time}");
    }
}

#[test]
fn names_and_paths_of_files() {
    for (listed, path, name) in [
        ("a/one-v1.0.yaml", "a/one-v1.0.yaml", "one-v1.0"),
        ("gs://b/a/one.yml", "a/one.yml", "one"),
        ("gs://b/one", "one", "one"),
        ("gs://b", "gs://b", "b"),
        ("gs:/b/one.yaml", "gs:/b/one.yaml", "one"),
        ("", "", ""),
    ] {
        assert_eq!((file_path(listed), allowlist_name(path)), (path, name));
    }
}
