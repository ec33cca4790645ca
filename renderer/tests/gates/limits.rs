//! Policies stay below the API server's limits, with a list far larger than any fleet needs.

use hallpass_policy::synchronizer::AllowedPath;
use hallpass_renderer::Object;
use hallpass_renderer::admission::{Exempt, LONGEST_EXPRESSION, MOST_PATHS, allow_only, longest_expression};
use serde_json::{Value as Json, json};

use crate::paths::faults;
use crate::policy::{Answer, Request, ask, entries};

/// The files, and as many folders, of one policy: far more than partners have.
const ENTRIES: usize = 1_000;
const PATH: usize = 80;

/// etcd refuses requests above 1.5 MiB; half of that leaves space for what the server adds.
const SIZE_LIMIT: usize = 768 * 1024;

fn path(kind: &str, index: usize, end: &str) -> String {
    let base = format!("{kind}/{index:04}/");
    format!("{base}{}{end}", "x".repeat(PATH - base.len() - end.len()))
}

pub(crate) fn folder(index: usize) -> String {
    path("folder", index, "/*")
}

/// A policy with so many files, and as many folders.
pub(crate) fn policy(entries: usize) -> [Object; 2] {
    let entry = |path| AllowedPath { path, bucket_name: None, project_number: None };
    let files = (0..entries).map(|index| entry(path("file", index, ".yaml")));
    let folders = (0..entries).map(|index| entry(folder(index)));
    let allowed: Vec<_> = files.chain(folders).collect();
    let exempt = Exempt {
        users: (0..20).map(|index| format!("system:serviceaccount:flux-system:controller-{index}")).collect(),
        groups: (0..20).map(|index| format!("group-{index}@example.com")).collect(),
    };
    allow_only(&allowed, &exempt)
}

#[test]
fn the_largest_list_fits_and_is_answered() {
    let [policy, _] = policy(ENTRIES);
    assert!(policy.to_string().len() < SIZE_LIMIT);
    assert!(longest_expression(&policy) <= LONGEST_EXPRESSION);
    let last = folder(ENTRIES - 1);
    let paths: Vec<String> =
        (0..MOST_PATHS).map(|index| last.replace('*', &format!("{index}.yaml"))).collect();
    let ask = |paths: &[String]| ask(&policy, &Request::create(json!({"allowlistPaths": paths})));
    assert_eq!(ask(&paths), Answer::Admitted);
    let denial = |paths: &[String]| match ask(paths) {
        Answer::Denied(message) => message,
        answer => panic!("{answer:?}"),
    };
    let one_more = [&paths[..], &["elsewhere/*".to_owned()]].concat();
    assert!(denial(&one_more).contains("at most 500 paths"), "{}", denial(&one_more));
    assert!(denial(&one_more[1..]).contains("`elsewhere/*` is not allowed"));
}

#[test]
fn a_fleet_stays_within_the_limits() {
    let texts =
        |entries| -> Vec<String> { (0..entries).map(|index| path("folder", index, ".yaml")).collect() };
    let faults = |paths: usize, allowed: usize| {
        let (paths, allowed) = (texts(paths), texts(allowed));
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        faults(&paths, Some(&allowed))
    };
    assert_eq!(faults(MOST_PATHS, ENTRIES), [] as [String; 0]);
    assert_eq!(
        faults(MOST_PATHS + 1, ENTRIES),
        [
            "/spec/synchronizers/0/allowlistPaths: synchronizer `partner` has 501 paths on cluster `prod`, and policy \
             `known` can evaluate at most 500 (name folders, `dir/*`, instead of single files, or split the synchronizer)"
        ],
    );
    assert_eq!(
        faults(1, 1200),
        [
            "/spec/policies/0: policy `known` is too long: one of its expressions would have 108071 characters, and \
             Kubernetes allows 100000 (allow folders, `dir/*`, instead of single files, and exempt groups instead of \
             single users)"
        ],
    );
}

/// The API server limits the cost of one expression. Entries only become keys of maps, which are looked up in one step, so
/// no list of them can exceed the limit; `apiserver/cost.rs` measures the rest.
#[test]
fn the_cost_does_not_grow_with_the_list() {
    let (small, large) = (policy(1), policy(ENTRIES));
    let expressions = |[policy, _]: [Object; 2]| -> Vec<(String, String)> {
        let variables = entries(&policy["spec"]["variables"]).iter();
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        variables.map(|variable| (text(&variable["name"]), text(&variable["expression"]))).collect()
    };
    for ((name, small), (_, large)) in expressions(small).into_iter().zip(expressions(large)) {
        match name.as_str() {
            "files" | "folders" => assert!(large.matches(": true").count() == ENTRIES, "{name}"),
            _ => assert_eq!(small, large, "{name}"),
        }
    }
}

#[test]
fn a_message_expression_and_its_messages_are_short() {
    let [policy, _] = policy(ENTRIES);
    for validation in entries(&policy["spec"]["validations"]) {
        assert!(validation["messageExpression"].as_str().map_or(0, str::len) <= 5 * 1024);
    }
    let long = "é".repeat(100_000);
    for paths in [long.clone(), format!("{long}//")] {
        let answer = ask(&policy, &Request::create(json!({"allowlistPaths": [paths]})));
        let Answer::Denied(message) = answer else { panic!("{answer:?}") };
        assert!(message.contains(&format!("`{}...`", "é".repeat(256))), "{message}");
    }
}
