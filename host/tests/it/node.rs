//! The module in a host that is not ours: every case must come out as it does natively.
//!
//! Needs Node, and the module that `HALLPASS_MODULE` names; `cargo xtask test` builds it and sets the variable.

use std::path::{Path, PathBuf};
use std::process::Command;

use hallpass_policy::{AllowlistSet, Manifest, Options, Profile, Role, Value, judge, manifests};
use hallpass_reader::Document;
use serde_json::json;

use crate::cases;
use crate::cases::file::Case;
use crate::support::repository;

fn module() -> Option<PathBuf> {
    let Some(module) = std::env::var_os("HALLPASS_MODULE") else {
        println!("skipped: `HALLPASS_MODULE` names no module");
        return None;
    };
    if Command::new("node").arg("--version").output().is_err() {
        println!("skipped: there is no Node");
        return None;
    }
    Some(PathBuf::from(module))
}

/// A request to the module, and what the native engine answers.
struct Question {
    name: String,
    request: serde_json::Value,
    answer: String,
}

/// One question for each document of the case; none when its texts cannot be read, which is the reader's matter.
fn questions(case: &Case) -> Vec<Question> {
    let read = |text: &'_ str| -> Option<Vec<serde_json::Value>> {
        let documents: Result<Vec<Document<'_>>, _> = hallpass_reader::read(text.as_bytes()).collect();
        Some(documents.ok()?.iter().map(|document| serde_json::to_value(document.root()).unwrap()).collect())
    };
    let profile = match &case.profile {
        None => Some(serde_json::Value::Null),
        Some(text) => read(text).and_then(|mut documents| documents.pop()),
    };
    let allowlists = case.allowlists().iter().map(|text| read(text)).collect::<Option<Vec<_>>>();
    let (Some(profile), Some(allowlists), Some(documents)) = (profile, allowlists, read(&case.workload))
    else {
        return Vec::new();
    };
    let allowlists: Vec<_> = allowlists.into_iter().flatten().collect();
    let load = json!({
        "allowlists": allowlists, "gkeVersion": case.gke_version, "strict": case.strict, "profile": profile,
    });
    let question = |document: serde_json::Value| {
        let document = document.to_string();
        let answer = native(&load.to_string(), &document, case);
        let request = json!({ "load": load, "document": document });
        answer.map(|answer| Question { name: case.name.clone(), request, answer })
    };
    documents.into_iter().filter_map(question).collect()
}

/// What the crate answers; none when the load is at fault, which the module must refuse.
fn native(load: &str, document: &str, case: &Case) -> Option<String> {
    let load = Value::from_json(load.as_bytes()).unwrap();
    let profile = match load.get("profile") {
        None => Profile::autopilot(),
        Some(profile) => Profile::read(profile).ok()?,
    };
    let Some(Value::List(allowlists)) = load.get("allowlists") else { panic!("the load has its allowlists") };
    let found: Vec<Manifest<'_>> = allowlists.iter().flat_map(|allowlist| manifests(allowlist).0).collect();
    let set = AllowlistSet::load(&found);
    let all_are_allowlists = found.iter().all(|manifest| manifest.role() == Ok(Role::Allowlist));
    if !all_are_allowlists || !set.invalid.is_empty() || !set.doubled.is_empty() {
        return None;
    }
    let target = case.gke_version.as_ref().map(|version| version.parse().unwrap());
    let options = Options { profile: &profile, target, strict: case.strict };
    let root = Value::from_json(document.as_bytes()).unwrap();
    Some(serde_json::to_string(&judge(&root, &set.set, &options)).unwrap())
}

fn ask(module: &Path, requests: &[serde_json::Value]) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let lines: Vec<String> = requests.iter().map(ToString::to_string).collect();
    std::fs::write(file.path(), lines.join("\n")).unwrap();
    let script = repository().join("host/tests/it/node/judge.mjs");
    let output = Command::new("node").arg(script).arg(module).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn every_case_comes_out_of_the_module_as_it_does_natively() {
    let Some(module) = module() else { return };
    let (files, _) = cases::rules::read_all(&repository().join("cases"));
    let questions: Vec<Question> = files.iter().flat_map(|file| &file.cases).flat_map(questions).collect();
    assert!(questions.len() > 400, "only {} questions", questions.len());
    let requests: Vec<_> = questions.iter().map(|question| question.request.clone()).collect();
    let answers = ask(&module, &requests);
    assert_eq!(answers.len(), questions.len());
    let differing: Vec<String> = questions
        .iter()
        .zip(&answers)
        .filter(|(question, answer)| question.answer != **answer)
        .map(|(question, answer)| {
            format!("`{}`\n  native {}\n  module {answer}", question.name, question.answer)
        })
        .collect();
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn the_module_refuses_what_it_must() {
    let Some(module) = module() else { return };
    let pod = r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "agent"}]}}"#;
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
            "an allowlist is invalid\n  /allowlists/0: a Pod is no WorkloadAllowlist",
        ),
        (json!({}), "", "no memory for a request of 0 bytes"),
        (json!({}), "{", "not valid JSON: EOF while parsing an object at line 1 column 1"),
        (json!({}), r#"{"a": 1, "a": 1}"#, "not valid JSON: key `a` is given twice at line 1 column 12"),
        (json!({}), "{} {}", "not valid JSON: trailing characters at line 1 column 4"),
    ] {
        let answers = ask(&module, &[json!({"load": load, "document": document})]);
        assert_eq!(answers, [json!({ "refused": refusal }).to_string()]);
    }
}
