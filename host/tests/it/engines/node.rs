//! The module in another host: every case has the same result as natively.
//!
//! Needs Node.

use std::process::Command;

use hallpass::engine::WASM;
use serde_json::json;

use super::question::{self, Answer, Question};
use crate::support::repository;

fn has_node() -> bool {
    let there = Command::new("node").arg("--version").output().is_ok();
    if !there {
        println!("skipped: Node was not found");
    }
    there
}

fn ask(requests: &[serde_json::Value]) -> Vec<String> {
    let module = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(module.path(), WASM).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let lines: Vec<String> = requests.iter().map(ToString::to_string).collect();
    std::fs::write(file.path(), lines.join("\n")).unwrap();
    let script = repository().join("host/tests/it/engines/node/judge.mjs");
    let output = Command::new("node").arg(script).arg(module.path()).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn every_case_comes_out_of_the_module_as_it_does_natively() {
    if !has_node() {
        return;
    }
    let questions: Vec<Question> = question::of_all_cases();
    let questions: Vec<_> = questions
        .iter()
        .filter_map(|question| match &question.answer {
            Answer::Judged(answer) => Some((question, answer)),
            // Such a load is rejected below, with its message.
            Answer::Refused => None,
        })
        .collect();
    let requests: Vec<_> = questions
        .iter()
        .map(|(question, _)| json!({"load": question.load, "document": question.document}))
        .collect();
    let answers = ask(&requests);
    assert_eq!(answers.len(), questions.len());
    let differing: Vec<String> = questions
        .iter()
        .zip(&answers)
        .filter(|((_, native), answer)| native != answer)
        .map(|((question, native), answer)| {
            format!("`{}`\n  native {native}\n  module {answer}", question.name)
        })
        .collect();
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn the_module_refuses_what_it_must() {
    if !has_node() {
        return;
    }
    let pod =
        r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "agent", "image": "x"}]}}"#;
    let allowlist = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "acme-v1"},
        "exemptions": [], "matchingCriteria": {"containers": [{"name": "agent", "image": "^(a$"}]},
    });
    let mut plain = allowlist.clone();
    plain["matchingCriteria"] = json!({"containers": []});
    for (load, document, refusal) in [
        (json!([]), pod, "a load request must be a map, not a list"),
        (
            json!({"allowlist": []}),
            pod,
            "a load request has no field `allowlist`; did you mean `allowlists`?",
        ),
        (json!({"allowlists": {}}), pod, "`allowlists` must be a list, not a map"),
        (json!({"strict": "yes"}), pod, "`strict` must be a boolean, not a string"),
        (
            json!({"gkeVersion": "newest"}),
            pod,
            "`newest` is not a GKE version; one looks like `1.32.0-gke.1000000`",
        ),
        (
            json!({"allowlists": [allowlist]}),
            pod,
            "an allowlist is invalid\n  /allowlists/0/matchingCriteria/containers/0/image: not a valid RE2 pattern: \
             missing closing ): `^(a$`",
        ),
        (
            json!({"allowlists": [plain, plain]}),
            pod,
            "an allowlist is invalid\n  /allowlists/1/metadata/name: a second allowlist is named `acme-v1`",
        ),
        (
            json!({"allowlists": [{"apiVersion": "v1", "kind": "Pod"}]}),
            pod,
            "an allowlist is invalid\n  /allowlists/0: a Pod is not a WorkloadAllowlist",
        ),
        (json!({}), "", "no memory for a request of 0 bytes"),
        (json!({}), "{", "not valid JSON: EOF while parsing an object at line 1 column 1"),
        (json!({}), r#"{"a": 1, "a": 1}"#, "not valid JSON: duplicate key `a` at line 1 column 12"),
        (json!({}), "{} {}", "not valid JSON: trailing characters at line 1 column 4"),
    ] {
        let answers = ask(&[json!({"load": load, "document": document})]);
        assert_eq!(answers, [json!({ "refused": refusal }).to_string()]);
    }
}
