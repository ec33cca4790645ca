//! The largest lists that a policy takes, within the server's cost limits.

use hallpass_policy::synchronizer::LONGEST_PATH;
use hallpass_renderer::admission::{
    Exempt, LONGEST_EXPRESSION, MOST_PATHS, Operations, forbid, longest_expression,
};
use serde_json::{Value as Json, json};

use super::{SYNCHRONIZER, ask, identify, install, start, uninstall};
use crate::limits::{folder, policy};
use crate::policy::Request;
use hallpass_apiserver::Server;

/// The entries of each kind, files and folders.
const ENTRIES: usize = 1_000;

fn synchronizer(paths: &[String]) -> Json {
    let mut request = Request::create(json!({"allowlistPaths": paths}));
    identify(&mut request.object, SYNCHRONIZER, "partner");
    request.object
}

fn create(server: &Server, paths: &[String]) -> Result<String, String> {
    ask(server, &Request { object: synchronizer(paths), ..Request::create(Json::Null) })
}

fn update(server: &Server, paths: &[String]) -> Result<String, String> {
    let update = Request::update(Json::Null, Json::Null);
    ask(server, &Request { object: synchronizer(paths), ..update })
}

/// Paths of the maximum length below an allowed folder, or elsewhere.
fn paths(count: usize, allowed: bool) -> Vec<String> {
    let folder = if allowed { folder(ENTRIES - 1) } else { folder(ENTRIES) };
    let folder = folder.trim_end_matches('*');
    let path = |index| format!("{folder}{index:0>width$}.yaml", width = LONGEST_PATH - folder.len() - 5);
    (0..count).map(path).collect()
}

#[test]
fn a_longer_expression_is_refused() {
    let Some(server) = start() else { return };
    let [policy, _] = policy(1_200);
    assert!(longest_expression(&policy) > LONGEST_EXPRESSION);
    let refusal = server.kubectl(&["apply", "--server-side", "-f", "-"], &policy.to_string()).unwrap_err();
    assert!(refusal.contains("exceeds limit: size") && refusal.contains("limit 100000"), "{refusal}");
}

#[test]
fn the_largest_lists_are_evaluated() {
    let Some(server) = start() else { return };
    // As before the policy: twice as long as it takes.
    let old = paths(2 * MOST_PATHS, false);
    server.kubectl(&["create", "-f", "-"], &synchronizer(&old).to_string()).unwrap();
    let policy = policy(ENTRIES);
    install(&server, &policy);
    let says = |answer: Result<String, String>, text: &str| {
        let refusal = answer.expect_err(text);
        assert!(refusal.contains(text), "{refusal}");
    };
    create(&server, &paths(MOST_PATHS, true)).expect_err("the name is taken");
    let mut other = synchronizer(&paths(MOST_PATHS, true));
    identify(&mut other, SYNCHRONIZER, "other");
    server.kubectl(&["create", "--dry-run=server", "-f", "-"], &other.to_string()).unwrap();
    says(create(&server, &paths(MOST_PATHS, false)), "is not allowed on this cluster");
    says(create(&server, &paths(MOST_PATHS + 1, true)), "at most 500 paths");
    says(create(&server, &paths(5_000, true)), "at most 500 paths");
    says(create(&server, &["x".repeat(1_000_000)]), "is neither");
    // Removal is always possible: of some paths, of all of them, and of the object.
    update(&server, &old[..MOST_PATHS]).unwrap();
    update(&server, &[]).unwrap();
    update(&server, &paths(MOST_PATHS, true)).unwrap();
    says(update(&server, &old[1..]), "at most 500 paths");
    uninstall(&server, &policy);
    let policy = forbid(Operations::Removable, &Exempt::default());
    install(&server, &policy);
    update(&server, &old[..MOST_PATHS]).unwrap();
    update(&server, &[]).unwrap();
    says(update(&server, &paths(MOST_PATHS, true)), "an update may only remove paths");
    says(update(&server, &old[1..]), "an update may only remove paths");
    server.kubectl(&["delete", "-f", "-"], &synchronizer(&old).to_string()).unwrap();
}
