//! Random workloads and exceptions.

use hallpass_policy::WorkloadKind;
use hallpass_report::{Exception, Report, Selector};
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value as Json, json};

use super::{TODAY, VIOLATED, container, exception, judged};

const IMAGES: [&str; 2] = ["example.com/a", "example.com/b"];
const NAMES: [&str; 3] = ["one", "two", "three"];
const NAMESPACES: [&str; 2] = ["acme", "kube"];

fn workload() -> impl Strategy<Value = Json> {
    let containers = prop::collection::vec((select(&IMAGES[..]), any::<bool>(), any::<bool>()), 1..4);
    let place = (select(&NAMES[..]), prop::option::of(select(&NAMESPACES[..])), any::<bool>());
    (place, containers, any::<bool>(), any::<bool>()).prop_map(
        |((name, namespace, in_template), containers, host_pid, nfs)| {
            let containers = containers.into_iter().enumerate().map(|(index, (image, privileged, port))| {
                let mut container = container(&format!("c{index}"), &format!("{image}:{index}"), privileged);
                if port {
                    container["ports"] = json!([{"containerPort": 80, "hostPort": 80}]);
                }
                container
            });
            let mut spec = json!({"containers": containers.collect::<Vec<_>>(), "hostPID": host_pid});
            if nfs {
                spec["volumes"] = json!([{"name": "v", "glusterfs": {"endpoints": "a", "path": "b"}}]);
            }
            let mut metadata = json!({ "name": name });
            if let Some(namespace) = namespace {
                metadata["namespace"] = json!(namespace);
            }
            match in_template {
                true => json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata,
                    "spec": {"selector": {"matchLabels": {"app": "a"}},
                        "template": {"metadata": {"labels": {"app": "a"}}, "spec": spec}}}),
                false => json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}),
            }
        },
    )
}

fn any_exception() -> impl Strategy<Value = Exception> {
    let kinds = select(vec![WorkloadKind::Pod, WorkloadKind::DaemonSet]);
    let owned = |names: &'static [&'static str]| prop::option::of(select(names).prop_map(str::to_owned));
    let selector = (prop::option::of(kinds), owned(&NAMESPACES), owned(&NAMES), owned(&IMAGES));
    let dates = select(vec![None, Some(date(2026, 11, 29)), Some(TODAY)]);
    (selector, subsequence(VIOLATED.to_vec(), 1..=4), dates).prop_map(
        |((kind, namespace, name, image), constraints, expires)| Exception {
            expires,
            ..exception(Selector { kind, namespace, name, image }, &constraints)
        },
    )
}

/// Returns the violations of the report that no exception covers, by workload and path.
fn uncovered(report: &Report) -> Vec<(usize, &str, &str)> {
    let violations = report.results.iter().enumerate().flat_map(|(index, outcome)| {
        let of_it = outcome.violations.iter().filter(|violation| violation.exception.is_none());
        of_it.map(move |violation| (index, violation.constraint, violation.path.as_str()))
    });
    violations.collect()
}

/// Whether an exception covers a violation, read from the manifest itself.
fn covers(exception: &Exception, document: &Json, constraint: &str, path: &str) -> bool {
    let Selector { kind, namespace, name, image } = &exception.workload;
    let equal = |wanted: &Option<String>, found: &Json| {
        wanted.as_ref().is_none_or(|wanted| found.as_str() == Some(wanted))
    };
    let has_image = |container: &Json| {
        let image = image.as_ref().unwrap();
        container["image"].as_str().unwrap().starts_with(&format!("{image}:"))
    };
    let spec = document.pointer("/spec/template/spec").unwrap_or(&document["spec"]);
    let at_container = path.split_once("/containers/").map(|(_, rest)| {
        let index: usize = rest.split('/').next().unwrap().parse().unwrap();
        &spec["containers"][index]
    });
    let all = || spec["containers"].as_array().unwrap().iter().all(has_image);
    exception.expires.is_none_or(|last| last >= TODAY)
        && exception.constraints.iter().any(|listed| listed.id() == constraint)
        && kind.is_none_or(|kind| document["kind"] == kind.name())
        && equal(namespace, &document["metadata"]["namespace"])
        && equal(name, &document["metadata"]["name"])
        && (image.is_none() || at_container.map_or_else(all, has_image))
}

proptest! {
    #[test]
    fn what_is_covered_is_what_the_exceptions_name(
        documents in prop::collection::vec(workload(), 1..5),
        exceptions in prop::collection::vec(any_exception(), 0..4),
    ) {
        let plain = judged(&documents, false);
        let mut report = judged(&documents, false);
        report.except(&exceptions, TODAY, false);
        for ((outcome, document), before) in report.results.iter().zip(&documents).zip(&plain.results) {
            for violation in &outcome.violations {
                let expected =
                    exceptions.iter().any(|it| covers(it, document, violation.constraint, &violation.path));
                prop_assert_eq!(violation.exception.is_some(), expected, "{} {}", violation.path, document);
            }
            let all = outcome.violations.iter().all(|violation| violation.exception.is_some());
            prop_assert_eq!(outcome.excepted, !outcome.violations.is_empty() && all);
            // The notes name the expired exceptions without which a violation is not covered.
            let expired = exceptions.iter().filter(|it| it.expires.is_some_and(|last| last < TODAY));
            let is_missed = |it: &&Exception| {
                let renewed = Exception { expires: None, ..(*it).clone() };
                let mut open = outcome.violations.iter().filter(|violation| violation.exception.is_none());
                open.any(|violation| covers(&renewed, document, violation.constraint, &violation.path))
            };
            let (known, added) = outcome.notes.split_at(before.notes.len());
            prop_assert_eq!(known, &before.notes);
            prop_assert_eq!(added.len(), expired.filter(is_missed).count());
            // Without the marks and these notes, the outcome is what it was.
            let mut stripped = serde_json::to_value(outcome).unwrap();
            stripped["excepted"] = json!(false);
            stripped["notes"] = json!(known);
            for violation in stripped["violations"].as_array_mut().unwrap() {
                violation.as_object_mut().unwrap().remove("exception");
            }
            prop_assert_eq!(stripped, serde_json::to_value(before).unwrap());
        }
        let excepted = report.results.iter().filter(|outcome| outcome.excepted).count();
        prop_assert_eq!(report.summary.excepted, excepted);
        prop_assert_eq!(report.summary.denied, plain.summary.denied);
    }

    #[test]
    fn an_exception_for_another_workload_covers_nothing_more(
        documents in prop::collection::vec(workload(), 1..5),
        exceptions in prop::collection::vec(any_exception(), 0..3),
        mut other in any_exception(),
    ) {
        other.workload.name = Some("elsewhere".to_owned());
        let mut before = judged(&documents, false);
        before.except(&exceptions, TODAY, false);
        let mut after = judged(&documents, false);
        let more: Vec<Exception> = std::iter::once(other).chain(exceptions).collect();
        let coverage = after.except(&more, TODAY, false);
        prop_assert_eq!(uncovered(&before), uncovered(&after));
        prop_assert_eq!(serde_json::to_value(&before).unwrap(), serde_json::to_value(&after).unwrap());
        prop_assert_eq!(coverage[0].unused.len(), more[0].constraints.len());
    }
}
