//! Which violations an exception covers.

use hallpass_policy::{Constraint, WorkloadKind};
use hallpass_report::{Coverage, Exception, Selector};
use jiff::civil::date;
use serde_json::{Value as Json, json};

use super::{TODAY, VIOLATED, container, exception, judged};

fn named(name: &str) -> Selector {
    Selector { name: Some(name.to_owned()), ..Selector::default() }
}

fn of_image(image: &str) -> Selector {
    Selector { image: Some(image.to_owned()), ..Selector::default() }
}

fn pod(spec: Json) -> Json {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent", "namespace": "acme"}, "spec": spec})
}

/// Returns for each violation of the only workload whether it is covered, and whether the denial is excepted.
fn covered(document: &Json, exceptions: &[Exception], strict: bool) -> (Vec<bool>, bool) {
    let mut report = judged(std::slice::from_ref(document), strict);
    report.except(exceptions, TODAY, strict);
    let outcome = report.results.remove(0);
    assert_eq!(report.summary.excepted, usize::from(outcome.excepted));
    (outcome.violations.iter().map(|violation| violation.exception.is_some()).collect(), outcome.excepted)
}

#[test]
fn every_field_of_a_selector_must_be_equal() {
    let privilege = [Constraint::DisallowPrivilege];
    let agent = pod(json!({"containers": [container("a", "example.com/a:1", true)]}));
    let full = Selector {
        kind: Some(WorkloadKind::Pod),
        namespace: Some("acme".to_owned()),
        name: Some("agent".to_owned()),
        image: Some("example.com/a".to_owned()),
    };
    let other = Some("other".to_owned());
    for (selector, expected) in [
        (full.clone(), true),
        (Selector::default(), true),
        (Selector { kind: Some(WorkloadKind::DaemonSet), ..full.clone() }, false),
        (Selector { namespace: other.clone(), ..full.clone() }, false),
        (Selector { name: other.clone(), ..full.clone() }, false),
        (Selector { image: other, ..full.clone() }, false),
        (named("agen*"), false),
        (named("Agent"), false),
        (of_image("example.com/a:1"), false),
        (of_image("a"), false),
    ] {
        let exceptions = [exception(selector.clone(), &privilege)];
        assert_eq!(covered(&agent, &exceptions, false), (vec![expected], expected), "{selector:?}");
    }
    let mut homeless = agent.clone();
    homeless["metadata"].as_object_mut().unwrap().remove("namespace");
    assert_eq!(covered(&homeless, &[exception(full.clone(), &privilege)], false), (vec![false], false));
    let anywhere = Selector { namespace: None, ..full };
    assert_eq!(covered(&homeless, &[exception(anywhere, &privilege)], false), (vec![true], true));
    let mut generated = agent;
    generated["metadata"] = json!({"generateName": "agent-"});
    assert_eq!(covered(&generated, &[exception(named("agent-"), &privilege)], false), (vec![true], true));
}

#[test]
fn one_violation_without_an_exception_is_a_denial() {
    let agent = pod(json!({"hostPID": true, "containers": [container("a", "example.com/a", true)]}));
    let privilege = exception(named("agent"), &[Constraint::DisallowPrivilege]);
    let namespaces = exception(named("agent"), &[Constraint::DisallowHostNamespaces]);
    assert_eq!(covered(&agent, &[], false), (vec![false, false], false));
    assert_eq!(covered(&agent, std::slice::from_ref(&privilege), false), (vec![true, false], false));
    assert_eq!(covered(&agent, &[privilege, namespaces], false), (vec![true, true], true));
}

#[test]
fn an_image_covers_its_containers_and_the_pod_only_if_all_have_it() {
    let constraints = VIOLATED;
    let image = [exception(of_image("example.com/a"), &constraints)];
    let spec = |second: &str| {
        json!({
            "hostPID": true,
            "containers": [container("a", "example.com/a:1", true)],
            "initContainers": [container("b", second, true)],
        })
    };
    // In the order of the constraints: the two containers, then the Pod.
    assert_eq!(covered(&pod(spec("example.com/b:1")), &image, false), (vec![true, false, false], false));
    let same = format!("example.com/a@sha256:{}", "5".repeat(64));
    assert_eq!(covered(&pod(spec(&same)), &image, false), (vec![true, true, true], true));
    let both = [image[0].clone(), exception(of_image("example.com/b"), &constraints)];
    assert_eq!(
        covered(&pod(spec("example.com/b:1")), &both, false),
        (vec![true, true, false], false),
        "two images together do not cover the Pod"
    );
    let harmless = json!({
        "hostPID": true,
        "containers": [container("a", "example.com/a", false), container("b", "example.com/b", false)],
    });
    assert_eq!(covered(&pod(harmless), &image, false), (vec![false], false));
}

#[test]
fn an_image_covers_nothing_if_the_containers_are_unknown() {
    let agent = pod(json!({"hostPID": true, "containers": [container("a", "example.com/a", true)]}));
    let mut report = judged(&[agent], false);
    report.results[0].containers.clear();
    report.except(&[exception(of_image("example.com/a"), &VIOLATED)], TODAY, false);
    assert!(report.results[0].violations.iter().all(|violation| violation.exception.is_none()));
}

#[test]
fn violations_that_are_not_listed_could_be_in_any_container() {
    let containers: Vec<Json> =
        (0..150).map(|index| container(&format!("c{index}"), "example.com/a", true)).collect();
    let image = [exception(of_image("example.com/a"), &[Constraint::DisallowPrivilege])];
    let mut spec = json!({"containers": containers});
    assert!(covered(&pod(spec.clone()), &image, false).1);
    // The last container is after the listed violations.
    spec["containers"][149]["image"] = json!("example.com/b");
    let (marks, excepted) = covered(&pod(spec.clone()), &image, false);
    assert!(!excepted && marks.iter().all(|mark| !mark));
    assert!(covered(&pod(spec), &[exception(named("agent"), &[Constraint::DisallowPrivilege])], false).1);
}

#[test]
fn an_exception_counts_on_its_last_day_and_not_on_the_next() {
    let agent = pod(json!({"containers": [container("a", "example.com/a", true)]}));
    for (last, expected) in [(date(2026, 11, 29), false), (TODAY, true), (date(2027, 1, 1), true)] {
        let until =
            Exception { expires: Some(last), ..exception(named("agent"), &[Constraint::DisallowPrivilege]) };
        assert_eq!(
            covered(&agent, std::slice::from_ref(&until), false),
            (vec![expected], expected),
            "{last}"
        );
        let mut report = judged(std::slice::from_ref(&agent), false);
        let [Coverage { expired, unused }] = report.except(&[until], TODAY, false).try_into().unwrap();
        assert_eq!((expired, unused.is_empty()), (!expected, expected));
        let note = format!("the exception at config.yaml:7 has expired: its last day was {last}");
        assert_eq!(report.results[0].notes.contains(&note), !expected);
    }
}

#[test]
fn strict_mode_accepts_no_assumption_of_an_excepted_workload() {
    // Accepted with an assumption, so `--strict` would deny the workload without its violation.
    let claim = json!({"name": "v", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}});
    let agent =
        pod(json!({"containers": [container("a", "example.com/a", true)], "volumes": [claim.clone()]}));
    let known = [exception(named("agent"), &[Constraint::DisallowPrivilege])];
    assert_eq!(covered(&agent, &known, false), (vec![true], true));
    assert_eq!(covered(&agent, &known, true), (vec![true], false));
    let certain = pod(json!({"containers": [container("a", "example.com/a", true)]}));
    assert_eq!(covered(&certain, &known, true), (vec![true], true));
    // Denied without any violation.
    let doubtful = pod(json!({"containers": [container("a", "example.com/a", false)], "volumes": [claim]}));
    assert_eq!(covered(&doubtful, &known, true), (Vec::new(), false));
}

#[test]
fn the_first_exception_is_named_and_a_later_one_counts_as_used() {
    let agent = pod(json!({"containers": [container("a", "example.com/a", true)]}));
    let mut report = judged(&[agent], false);
    let first = exception(named("agent"), &[Constraint::DisallowPrivilege, Constraint::NoHostPort]);
    let second =
        Exception { line: 12, ..exception(of_image("example.com/a"), &[Constraint::DisallowPrivilege]) };
    let third = exception(named("other"), &[Constraint::DisallowPrivilege]);
    let coverage = report.except(&[first, second, third], TODAY, false);
    assert_eq!(report.results[0].violations[0].exception.as_ref().unwrap().line, 7);
    let unused: Vec<Vec<Constraint>> =
        coverage.into_iter().map(|coverage| coverage.unused.into_iter().collect()).collect();
    assert_eq!(
        unused,
        [vec![Constraint::NoHostPort], vec![], vec![Constraint::DisallowPrivilege]],
        "the second covers the same violation"
    );
}
