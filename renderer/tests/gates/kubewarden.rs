//! The policy of hallpass in Kubewarden answers requests for synchronizers like the admission policies.

use std::path::Path;

use hallpass_kubewarden::call;
use hallpass_policy::synchronizer::AllowedPath;
use hallpass_renderer::admission::{self, Exempt};
use hallpass_renderer::kubewarden;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::admission::{Said, read};
use crate::laws::{config, entry, origin, path, spec};
use crate::policy::{Answer, Request, ask};

/// Whether the policy accepts a request with the setting `synchronizers`.
fn accepts(synchronizers: &Json, request: &Request) -> bool {
    let payload = json!({
        "request": {
            "uid": "1",
            "kind": {"group": "auto.gke.io", "version": "v1", "kind": "AllowlistSynchronizer"},
            "resource": {"group": "auto.gke.io", "version": "v1", "resource": "allowlistsynchronizers"},
            "name": "partner",
            "operation": request.operation,
            "userInfo": request.user_info,
            "object": request.object,
            "oldObject": request.old_object,
        },
        "settings": {"synchronizers": synchronizers},
    });
    let host = |_: &str, _: &[u8]| panic!("nothing is asked of the cluster");
    let answer = call("validate", payload.to_string().as_bytes(), &host).unwrap();
    let answer: Json = serde_json::from_slice(&answer).unwrap();
    answer["accepted"].as_bool().unwrap()
}

fn passes(answer: &Answer) -> bool {
    matches!(answer, Answer::NotJudged | Answer::Admitted)
}

#[test]
fn it_answers_the_cases_of_the_admission_policies_as_they_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gates/admission");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut passed, mut refused, mut wrong) = (0, 0, Vec::new());
    for file in &files {
        let case_file = read(file);
        let ([policy, _], setting) = match case_file.policy.said() {
            (Said::Forbid(operations), exempt) => {
                (admission::forbid(operations, &exempt), kubewarden::forbid(operations, &exempt))
            }
            (Said::Allow(paths), exempt) => {
                let paths = sound(paths);
                (admission::allow_only(&paths, &exempt), kubewarden::allow_only(&paths, &exempt))
            }
            // Policies of the controller, which Kubewarden does not replace.
            (Said::Authorize(_) | Said::Protect(_), _) => continue,
        };
        for case in &case_file.cases {
            let answer = ask(&policy, &case.request());
            *(if passes(&answer) { &mut passed } else { &mut refused }) += 1;
            if accepts(&setting, &case.request()) != passes(&answer) {
                wrong.push(format!("{file:?}, `{}`: not {answer:?}", case.name));
            }
        }
    }
    assert!(passed > 10 && refused > 10, "{passed} {refused}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the entries that are valid settings. Others are rejected when the policy is loaded.
fn sound(entries: Vec<AllowedPath>) -> Vec<AllowedPath> {
    let is_sound = |entry: &AllowedPath| {
        let setting = kubewarden::allow_only(std::slice::from_ref(entry), &Exempt::default());
        let setting = json!({"synchronizers": setting});
        let answer =
            call("validate_settings", setting.to_string().as_bytes(), &|_, _| panic!("asked")).unwrap();
        serde_json::from_slice::<Json>(&answer).unwrap()["valid"] == true
    };
    entries.into_iter().filter(is_sound).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn it_agrees_with_the_admission_policy_on_every_list(
        allowed in prop::collection::vec(entry(), 0..6),
        old in prop::option::of(prop::collection::vec(path(), 0..3)),
        new in prop::collection::vec(path(), 0..3),
        (bucket, project) in origin(),
        (old_bucket, old_project) in origin(),
    ) {
        let allowed = sound(allowed);
        let new = spec(&new, bucket.as_deref(), project);
        let request = match old {
            Some(old) => Request::update(spec(&old, old_bucket.as_deref(), old_project), new),
            None => Request::create(new),
        };
        let [policy, _] = admission::allow_only(&allowed, &Exempt::default());
        let answer = ask(&policy, &request);
        let setting = kubewarden::allow_only(&allowed, &Exempt::default());
        prop_assert_eq!(accepts(&setting, &request), passes(&answer), "{:?}", answer);
    }
}
