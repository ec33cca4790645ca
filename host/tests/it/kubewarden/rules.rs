//! The rules that only an admission request can violate: `kubewarden/cases/*.yaml`, with complete responses.
//!
//! A file has `settings`, which a case can replace; a case has a request, and the cluster's answers.

use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use super::{data, server, validate};
use hallpass_policy_server::Host;

/// The size of a message and all warnings, in bytes.
const LIMIT: usize = 4096;

/// A cluster that returns `answers` and records the requests.
fn cluster(answers: &Json) -> (Host, Arc<Mutex<Vec<Json>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (answers, seen) = (answers.clone(), Arc::clone(&calls));
    let host = move |operation: &str, payload: &[u8]| {
        let payload: Json = serde_json::from_slice(payload).unwrap();
        seen.lock().unwrap().push(json!({operation: payload}));
        match &answers[operation] {
            Json::Null => Err("the cluster was not to be asked".to_owned()),
            answer if answer["error"].is_string() => Err(answer["error"].as_str().unwrap().to_owned()),
            answer if answer["garbled"].is_string() => Ok(answer["garbled"].as_str().unwrap().into()),
            answer => Ok(answer.to_string().into_bytes()),
        }
    };
    (Box::new(host), calls)
}

fn run(file: &str) {
    let server = server();
    let file = data(file);
    let mut wrong = Vec::new();
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let settings = case.get("settings").unwrap_or(&file["settings"]);
        let (host, calls) = cluster(&case["cluster"]);
        let answer = validate(&server, settings, &case["request"], host);
        let mut expected = case["expect"].clone();
        // A YAML block ends with a line break.
        if let Some(message) = expected["message"].as_str() {
            expected["message"] = json!(message.trim_end());
        }
        let asked = Json::from(std::mem::take(&mut *calls.lock().unwrap()));
        let calls = case.get("calls").cloned().unwrap_or(json!([]));
        if answer != expected || asked != calls {
            wrong.push(format!(
                "`{}`\n  {answer}\n  {expected}\n  asked {asked}",
                case["name"].as_str().unwrap()
            ));
        }
        let warnings: usize =
            answer["warnings"].as_array().into_iter().flatten().map(|w| w.as_str().unwrap().len()).sum();
        assert!(answer["message"].as_str().is_none_or(|message| message.len() <= LIMIT) && warnings <= LIMIT);
        assert!(answer["accepted"] == json!(true) || answer["code"] == json!(403));
    }
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn workloads() {
    run("workloads.yaml");
}

#[test]
fn the_clusters_own_allowlists() {
    run("cluster.yaml");
}

#[test]
fn no_connect() {
    run("no-connect.yaml");
}

#[test]
fn synchronizers() {
    run("synchronizers.yaml");
}

#[test]
fn writing_allowlists() {
    run("writers.yaml");
}

#[test]
fn the_mode_warn() {
    run("warn.yaml");
}
