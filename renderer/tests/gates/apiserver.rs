//! Tests with a real API server, if KUBEBUILDER_ASSETS names a folder with etcd and kube-apiserver: what the policies
//! admit, what rendered trees apply, and which workloads the server itself refuses.

mod controller;
mod cost;
mod paths;
mod trees;
mod types;
mod workloads;

use std::collections::BTreeSet;
use std::path::Path;

use hallpass_apiserver::Server;
use hallpass_renderer::Object;
use hallpass_schemas::CRDS;
use serde_json::{Value as Json, json};

use crate::admission::{CaseFile, files, read};
use crate::policy::{Answer, Request};

/// Starts a server that knows the two kinds, if one is available.
fn start() -> Option<Server> {
    let server = Server::start()?;
    server.define(CRDS);
    Some(server)
}

#[test]
fn policies_answer_as_their_cases_say() {
    let Some(server) = start() else { return };
    let unreached: BTreeSet<String> = files().iter().flat_map(|file| cases(&server, file)).collect();
    // The CRD rejects these, or the server drops a part of them, before the policy is evaluated.
    let expected = [
        "a bucket that is null is not absent, but the API server drops such a field first",
        "a number among the paths",
        "a path fewer, and another value in a field that is not known yet",
        "a spec without paths in place of one with paths",
        "a string in place of the list",
        "no list",
        "null among the paths",
        "null in place of the list",
        "the project as a string",
    ];
    assert_eq!(unreached, expected.map(str::to_owned).into());
}

#[test]
fn clusters_take_what_their_trees_hold() {
    let Some(server) = start() else { return };
    let (mut with_policy, mut with_both) = (0, 0);
    for (cluster, objects) in trees::clusters(&server) {
        let is = |kind: &'static str| move |object: &Json| object["kind"] == kind;
        let (synchronizers, others): (Vec<_>, Vec<_>) =
            objects.into_iter().partition(is("AllowlistSynchronizer"));
        // They stay: no controller here would complete the deletion of a namespace, and the next cluster needs the CRDs.
        let (kept, policy): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|object| is("Namespace")(object) || is("CustomResourceDefinition")(object));
        let kubectl = |verb: &str, objects: &[Json]| {
            let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
            let done = server.kubectl(&[verb, "-f", "-"], &list.to_string());
            done.unwrap_or_else(|shown| panic!("{cluster}, {verb}: {shown}"));
        };
        if !kept.is_empty() {
            kubectl("apply", &kept);
        }
        if !policy.is_empty() {
            with_policy += 1;
            install(&server, &policy);
        }
        if !synchronizers.is_empty() {
            with_both += usize::from(!policy.is_empty());
            kubectl("apply", &synchronizers);
            kubectl("delete", &synchronizers);
        }
        if !policy.is_empty() {
            uninstall(&server, &policy);
        }
    }
    assert!(with_policy >= 7 && with_both >= 4, "{with_policy} {with_both}");
}

/// Returns an object that the policy must refuse; `None` for policies for workloads, which the suite of the compiler asks.
fn probe(policy: &[Object]) -> Option<Json> {
    let is_about = |resource: &str| {
        policy.iter().any(|object| {
            let rules = object.pointer("/spec/matchConstraints/resourceRules").and_then(Json::as_array);
            let resources = rules.into_iter().flatten().filter_map(|rule| rule["resources"].as_array());
            resources.flatten().any(|found| found == resource)
        })
    };
    if is_about("workloadallowlists") {
        let mut probe = json!({"metadata": {}, "exemptions": [], "matchingCriteria": {"containers": []}});
        identify(&mut probe, "WorkloadAllowlist", "probe");
        Some(probe)
    } else if is_about("allowlistsynchronizers") {
        let spec = json!({"allowlistPaths": ["nobody/allows/this.yaml"], "bucketName": "nobody"});
        let mut probe = Request::create(spec).object;
        identify(&mut probe, SYNCHRONIZER, "probe");
        Some(probe)
    } else {
        None
    }
}

/// Waits until the server refuses what the policy must refuse, or does no more.
fn until(server: &Server, what: &str, policy: &[Object], refused: bool) {
    let Some(probe) = probe(policy) else { return };
    let create = || server.kubectl(&["create", "--dry-run=server", "-f", "-"], &probe.to_string());
    server.until(what, || create().is_err() == refused);
}

/// Installs a policy and waits until it is in effect.
fn install(server: &Server, policy: &[Object]) {
    for manifest in policy {
        server.kubectl(&["apply", "-f", "-"], &manifest.to_string()).unwrap();
    }
    until(server, "the policy counts", policy, true);
}

/// Uninstalls a policy and waits until it is no longer in effect, so that the next policy's answers are its own.
fn uninstall(server: &Server, policy: &[Object]) {
    for manifest in policy {
        server.kubectl(&["delete", "-f", "-"], &manifest.to_string()).unwrap();
    }
    until(server, "the policy counts no more", policy, false);
}

const SYNCHRONIZER: &str = "AllowlistSynchronizer";

fn identify(object: &mut Json, kind: &str, name: &str) {
    object["apiVersion"] = "auto.gke.io/v1".into();
    object["kind"] = kind.into();
    object["metadata"]["name"] = name.into();
}

/// Sends the requests of a file's cases. Returns the names of the cases that never reach the policy.
fn cases(server: &Server, file: &Path) -> Vec<String> {
    let CaseFile { policy, cases } = read(file);
    let file = file.file_stem().unwrap().to_str().unwrap();
    let mut requests = Vec::new();
    let mut unreached = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let mut request = case.request();
        for object in [&mut request.object, &mut request.old_object] {
            if !object.is_null() {
                identify(object, policy.kind(), &format!("{file}-{index}"));
            }
        }
        // The server drops null fields.
        let has_null = !request.object.is_null() && request.object.to_string().contains("null");
        // The old object is created before the policy is in effect, which may refuse it.
        let is_ready = request.old_object.is_null() || establish(server, &request.old_object).is_ok();
        if is_ready && !has_null {
            requests.push((case, request));
        } else {
            unreached.push(case.name.clone());
        }
    }
    let policy = policy.emit();
    install(server, &policy);
    for (case, request) in requests {
        match (case.expected(), ask(server, &request)) {
            (Answer::NotJudged | Answer::Admitted, Ok(_)) => {}
            (Answer::Denied(message), Err(refusal)) if refusal.contains(&message) => {}
            (_, Err(refusal)) if !refusal.contains("ValidatingAdmissionPolicy") => {
                unreached.push(case.name.clone())
            }
            (expected, answer) => panic!("{file}, `{}`: {expected:?}, but {answer:?}", case.name),
        }
    }
    uninstall(server, &policy);
    unreached
}

fn establish(server: &Server, object: &Json) -> Result<String, String> {
    let created = server.kubectl(&["create", "-f", "-"], &object.to_string())?;
    if object["metadata"]["deletionTimestamp"].is_null() {
        return Ok(created);
    }
    server.kubectl(&["delete", "--wait=false", "-f", "-"], &object.to_string())
}

fn ask(server: &Server, request: &Request) -> Result<String, String> {
    let (verb, object) = match request.operation.as_str() {
        "CREATE" => ("create", &request.object),
        "UPDATE" => ("replace", &request.object),
        "DELETE" => ("delete", &request.old_object),
        other => panic!("{other}: not known"),
    };
    let mut arguments = vec![verb.to_owned(), "--dry-run=server".to_owned(), "-f".to_owned(), "-".to_owned()];
    arguments.push(format!("--as={}", request.user_info["username"].as_str().unwrap()));
    for group in request.user_info["groups"].as_array().into_iter().flatten() {
        arguments.push(format!("--as-group={}", group.as_str().unwrap()));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    server.kubectl(&arguments, &object.to_string())
}
