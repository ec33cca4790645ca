//! Every case in `cases/` as an admission request: the verdict is that of the native engine.

use hallpass_document::Value;
use hallpass_policy::{Manifest, Verdict, manifests};
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use super::{server, validate, validate_settings};
use crate::engines::question::{Answer, Question, of_all_cases};
use hallpass_policy_server::{Server, no_cluster};

/// Returns a request to create the object.
fn request(document: &Json, manifest: &Manifest<'_>) -> Json {
    let object = document.pointer(&manifest.pointer).unwrap();
    let own = &object["metadata"]["namespace"];
    let namespace =
        manifest.request_namespace.as_ref().map_or(own.clone(), |namespace| json!(namespace.name));
    json!({
        "uid": "1", "operation": "CREATE", "namespace": if namespace.is_string() { namespace } else { Json::Null },
        "kind": {"group": manifest.group, "version": "v1", "kind": manifest.kind},
        "userInfo": {"username": "somebody", "groups": ["system:authenticated"]}, "object": object,
    })
}

/// The number of requests per verdict, and of requests with invalid settings or objects.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) admitted: usize,
    pub(super) exempted: usize,
    pub(super) denied: usize,
    at_fault: usize,
}

pub(super) fn differences(server: &Server, question: &Question, asked: &mut Asked) -> Vec<String> {
    let valid = validate_settings(server, &question.load)["valid"].as_bool().unwrap();
    let Answer::Judged(judgement) = &question.answer else {
        asked.at_fault += 1;
        return if valid { vec!["the settings are taken for valid".to_owned()] } else { Vec::new() };
    };
    if !valid {
        return vec!["the settings are taken for invalid".to_owned()];
    }
    let judgement: hallpass_policy::Judgement = serde_json::from_str(judgement).unwrap();
    let mut document = serde_json::Deserializer::from_str(&question.document);
    // Some cases test the depth limit.
    document.disable_recursion_limit();
    let document = Json::deserialize(&mut document).unwrap();
    let value = Value::from_json(question.document.as_bytes()).unwrap();
    let mut differences = Vec::new();
    let mut workloads = 0;
    for manifest in manifests(&value).0 {
        if manifest.kind == "AdmissionReview" {
            // It contains nothing to admit.
            continue;
        }
        let answer = validate(server, &question.load, &request(&document, &manifest), no_cluster());
        let judged = judgement.workloads.iter().find(|judged| judged.path == manifest.pointer);
        let faulty = judgement.faults.iter().any(|fault| fault.path.starts_with(&manifest.pointer));
        let (accepted, verdict, allowlist) = match judged {
            Some(judged) => {
                let decision = &judged.decision;
                workloads += 1;
                *match decision.verdict {
                    Verdict::Admitted => &mut asked.admitted,
                    Verdict::Exempted => &mut asked.exempted,
                    Verdict::Denied => &mut asked.denied,
                } += 1;
                (
                    decision.verdict != Verdict::Denied,
                    Some(decision.verdict.name()),
                    decision.allowlist.as_deref(),
                )
            }
            None => {
                asked.at_fault += usize::from(faulty);
                (!faulty, None, None)
            }
        };
        let audit = &answer["audit_annotations"];
        let same = answer["accepted"] == json!(accepted)
            && audit["verdict"].as_str() == verdict
            && audit["allowlist"].as_str() == allowlist;
        let message = answer["message"].as_str().unwrap_or_default();
        let violations = judged.map(|judged| judged.decision.violations.as_slice()).unwrap_or_default();
        let reported =
            accepted || violations.iter().take(2).all(|violation| message.contains(&violation.message));
        if !same || !reported {
            differences.push(format!("`{}`, {}: {answer}", question.name, manifest.pointer));
        }
    }
    if workloads != judgement.workloads.len() {
        differences.push(format!("`{}`: {workloads} workloads were asked about", question.name));
    }
    differences
}

#[test]
fn comes_out_as_it_does_natively() {
    let server = server();
    let questions = of_all_cases();
    let mut asked = Asked::default();
    let differing: Vec<String> =
        questions.iter().flat_map(|question| differences(&server, question, &mut asked)).collect();
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
    let Asked { admitted, exempted, denied, at_fault } = asked;
    assert!(admitted > 50 && exempted > 100 && denied > 250 && at_fault > 40, "{asked:?}");
}
