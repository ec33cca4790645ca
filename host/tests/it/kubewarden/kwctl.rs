//! What Kubewarden's own programs answered with the module, and the examples of `docs/kubewarden.md`.

use serde_json::{Value as Json, json};

use super::metadata::metadata;
use super::{data, document, server, validate, validate_settings};
use crate::support::repository;
use hallpass_policy_server::Host;

const NO_ACCESS: &str = "Policy has not been granted access to Kubernetes auto.gke.io/v1/WorkloadAllowlist resources. \
                         The violation has been reported.";

fn file(name: &str) -> Json {
    data(&format!("kwctl/{name}"))
}

/// The cluster of the replay file, or one that kwctl does not ask.
fn cluster(is_replayed: bool) -> Host {
    let exchange = &file("cluster.yaml")[0];
    let request = exchange["request"].as_str().unwrap();
    assert!(
        request.starts_with(
            "!KubernetesListResourceAll\napi_version: auto.gke.io/v1\nkind: WorkloadAllowlist\n"
        )
    );
    let payload = exchange["response"]["payload"].as_str().unwrap().as_bytes().to_vec();
    Box::new(move |operation, _| match operation {
        "list_resources_all" if is_replayed => Ok(payload.clone()),
        "list_resources_all" => Err(NO_ACCESS.to_owned()),
        other => Err(format!("`{other}` was not to be called")),
    })
}

/// An AdmissionResponse as Kubewarden builds it from the policy's response.
fn admission_response(request: &Json, response: &Json, patch: &Json) -> Json {
    let mut answer = json!({"uid": request["uid"], "allowed": response["accepted"]});
    if response["accepted"] == json!(false) {
        answer["status"] = json!({"message": response["message"], "code": response["code"]});
    }
    if response["audit_annotations"].is_object() {
        answer["auditAnnotations"] = response["audit_annotations"].clone();
    }
    if response["mutated_object"].is_object() {
        assert_eq!(response["mutated_object"], patched(&request["object"], patch));
        answer["patch"] = patch.clone();
    }
    answer
}

fn patched(object: &Json, patch: &Json) -> Json {
    let mut object = object.clone();
    for step in patch.as_array().unwrap() {
        assert_eq!(step["op"], json!("add"));
        let (holder, key) = step["path"].as_str().unwrap().rsplit_once('/').unwrap();
        object.pointer_mut(holder).unwrap()[key] = step["value"].clone();
    }
    object
}

#[test]
fn the_module_answers_as_it_did_in_kwctl() {
    let server = server();
    for case in file("answers.yaml").as_array().unwrap() {
        let name = |field: &str| case[field].as_str().unwrap();
        let request = file(&format!("{}.json", name("request")));
        let settings = file(&format!("{}.yaml", name("settings")));
        let host = cluster(case["replay"] == json!(true));
        let response = validate(&server, &settings, &request, host);
        assert_eq!(
            admission_response(&request, &response, &case["answer"]["patch"]),
            case["answer"],
            "{case}"
        );
    }
}

/// The settings in code blocks, and the whole policy in one of them.
#[test]
fn the_examples_in_the_documentation_are_valid() {
    let page = std::fs::read_to_string(repository().join("docs/kubewarden.md")).unwrap();
    let server = server();
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let mut policies = 0;
    for block in blocks {
        let example = document(block.as_bytes());
        let settings = if example["kind"] == json!("ClusterAdmissionPolicy") {
            let metadata = metadata();
            for field in ["rules", "contextAwareResources", "mutating"] {
                assert_eq!(example["spec"][field], metadata[field], "{field}");
            }
            policies += 1;
            &example["spec"]["settings"]
        } else {
            &example
        };
        assert_eq!(validate_settings(&server, settings), json!({"valid": true}), "{block}");
    }
    assert_eq!(policies, 1);
}
