//! Policies stay below the API server's limits, with a list far larger than any fleet needs.

use hallpass_policy::synchronizer::AllowedPath;
use hallpass_renderer::Object;
use hallpass_renderer::admission::{Exempt, allow_only};
use serde_json::json;

use crate::policy::{Answer, Request, ask, entries};

/// One for each file of forty partners with several versions, and as many folders.
const ENTRIES: usize = 200;
/// The paths of one synchronizer with all of them, as clusters before 1.33.4-gke.1035000 need.
const PATHS: usize = 200;
const PATH: usize = 80;

/// kube-apiserver: the limit per evaluation of one expression.
const COST_LIMIT: usize = 1_000_000;
/// etcd refuses requests above 1.5 MiB; half of that leaves space for what the server adds.
const SIZE_LIMIT: usize = 768 * 1024;

fn path(kind: &str, index: usize, end: &str) -> String {
    let base = format!("{kind}/{index:04}/");
    format!("{base}{}{end}", "x".repeat(PATH - base.len() - end.len()))
}

fn policy() -> Object {
    let entry = |path| AllowedPath { path, bucket_name: None, project_number: None };
    let files = (0..ENTRIES).map(|index| entry(path("file", index, ".yaml")));
    let folders = (0..ENTRIES).map(|index| entry(path("folder", index, "/*")));
    let allowed: Vec<_> = files.chain(folders).collect();
    let exempt = Exempt {
        users: (0..20).map(|index| format!("system:serviceaccount:flux-system:controller-{index}")).collect(),
        groups: (0..20).map(|index| format!("group-{index}@example.com")).collect(),
    };
    let [policy, _] = allow_only(&allowed, &exempt);
    policy
}

#[test]
fn the_largest_list_fits_and_is_answered() {
    let policy = policy();
    assert!(policy.to_string().len() < SIZE_LIMIT);
    let folder = path("folder", ENTRIES - 1, "/*");
    let paths: Vec<String> = (0..PATHS).map(|index| folder.replace('*', &format!("{index}.yaml"))).collect();
    assert_eq!(ask(&policy, &Request::create(json!({"allowlistPaths": paths}))), Answer::Admitted);
}

/// The cost model of cel-go: 1 for a name, a field or a call; a tenth of the text for `startsWith`; for each step of
/// `exists` the test and the join of its results, 4; 1 for a key of a map; 40 is ample for the rest of one path.
#[test]
fn the_largest_list_is_within_the_cost_limit() {
    let folder = 4 + 2 + PATH.div_ceil(10);
    let unlisted = PATHS * (ENTRIES * folder + 40);
    assert!(unlisted < COST_LIMIT, "{unlisted}");
    // The model supports one nested loop; deeper nesting would need another model.
    let policy = policy();
    for variable in entries(&policy["spec"]["variables"]) {
        let expression = variable["expression"].as_str().unwrap();
        let loops = [".exists(", ".filter("].map(|part| expression.matches(part).count());
        assert!(loops.iter().sum::<usize>() <= 2, "{expression}");
    }
}

#[test]
fn a_message_expression_and_its_messages_are_short() {
    let policy = policy();
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
