//! The cases in `admission/*.yaml`: each policy's answers to requests.

use std::path::{Path, PathBuf};

use hallpass_policy::synchronizer::{AllowedPath, AuthorizedPaths};
use hallpass_renderer::Object;
use hallpass_renderer::admission::{Exempt, Operations, allow_only, authorized, forbid, protect};
use k8s_openapi::api::admissionregistration::v1::{
    ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::policy::{Answer, Request, ask};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct CaseFile {
    pub(crate) policy: Policy,
    pub(crate) cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Policy {
    forbid: Option<String>,
    allow_only: Option<Vec<Entry>>,
    /// A list as in `--authorized-paths`.
    authorized: Option<String>,
    /// The only writer of allowlists.
    protect: Option<String>,
    #[serde(default)]
    exempt: Exemption,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exemption {
    #[serde(default)]
    users: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Entry {
    path: String,
    bucket_name: Option<String>,
    project_number: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Case {
    pub(crate) name: String,
    /// By default CREATE, or UPDATE if there is an old object.
    operation: Option<String>,
    user_info: Option<Json>,
    #[serde(default)]
    object: Json,
    #[serde(default)]
    old_object: Json,
    verdict: Verdict,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    NotJudged,
    Admitted,
    Denied,
}

/// The policy of a case file.
pub(crate) enum Said {
    Forbid(Operations),
    Allow(Vec<AllowedPath>),
    Authorize(AuthorizedPaths),
    Protect(String),
}

impl Policy {
    pub(crate) fn said(&self) -> (Said, Exempt) {
        let exempt = Exempt { users: self.exempt.users.clone(), groups: self.exempt.groups.clone() };
        let said = match (self.forbid.as_deref(), &self.allow_only, &self.authorized, &self.protect) {
            (Some("removable"), None, None, None) => Said::Forbid(Operations::Removable),
            (Some("documented"), None, None, None) => Said::Forbid(Operations::Documented),
            (None, None, Some(paths), None) => Said::Authorize(paths.parse().unwrap()),
            (None, None, None, Some(writer)) => Said::Protect(writer.clone()),
            (None, Some(entries), None, None) => {
                let allowed = entries.iter().map(|Entry { path, bucket_name, project_number }| AllowedPath {
                    path: path.clone(),
                    bucket_name: bucket_name.clone(),
                    project_number: *project_number,
                });
                Said::Allow(allowed.collect())
            }
            _ => panic!("a case file names one policy"),
        };
        (said, exempt)
    }

    pub(crate) fn emit(&self) -> [Object; 2] {
        match self.said() {
            (Said::Forbid(operations), exempt) => forbid(operations, &exempt),
            (Said::Allow(paths), exempt) => allow_only(&paths, &exempt),
            (Said::Authorize(paths), _) => authorized(&paths),
            (Said::Protect(writer), _) => protect(&writer),
        }
    }

    /// The kind of the objects that it evaluates.
    pub(crate) fn kind(&self) -> &'static str {
        if self.protect.is_some() { "WorkloadAllowlist" } else { "AllowlistSynchronizer" }
    }
}

impl Case {
    pub(crate) fn request(&self) -> Request {
        let guess = if self.old_object.is_null() { "CREATE" } else { "UPDATE" };
        let user_info = self.user_info.clone().unwrap_or_else(|| json!({"username": "someone"}));
        Request {
            operation: self.operation.clone().unwrap_or_else(|| guess.to_owned()),
            user_info,
            object: self.object.clone(),
            old_object: self.old_object.clone(),
        }
    }

    pub(crate) fn expected(&self) -> Answer {
        match self.verdict {
            Verdict::NotJudged => Answer::NotJudged,
            Verdict::Admitted => Answer::Admitted,
            Verdict::Denied => Answer::Denied(self.message.clone().expect("a denial has a message")),
        }
    }
}

pub(crate) fn read(path: &Path) -> CaseFile {
    let text = std::fs::read_to_string(path).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

pub(crate) fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gates/admission");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn policies_answer_as_their_cases_say() {
    let mut failures = Vec::new();
    let mut count = 0;
    for path in &files() {
        let CaseFile { policy, cases } = read(path);
        let [policy, _] = policy.emit();
        for case in cases {
            count += 1;
            let answer = ask(&policy, &case.request());
            if answer != case.expected() {
                failures.push(format!("{path:?}, `{}`: {answer:?}", case.name));
            }
        }
    }
    assert!(count > 0 && failures.is_empty(), "{} of {count} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn policies_and_bindings_are_objects_that_kubernetes_knows() {
    let exempt = Exempt { users: vec!["it's".to_owned()], groups: vec!["ops".to_owned()] };
    let entry = AllowedPath { path: "acme/*".to_owned(), bucket_name: None, project_number: None };
    for [policy, binding] in [
        forbid(Operations::Removable, &exempt),
        forbid(Operations::Documented, &Exempt::default()),
        allow_only(&[entry], &exempt),
        authorized(&AuthorizedPaths::default()),
        protect("writer"),
    ] {
        let typed: ValidatingAdmissionPolicy = serde_json::from_value(policy.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed).unwrap(), policy);
        let typed: ValidatingAdmissionPolicyBinding = serde_json::from_value(binding.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed).unwrap(), binding);
        assert_eq!(binding["spec"]["policyName"], policy["metadata"]["name"]);
    }
}

#[test]
fn the_documented_form_is_that_of_the_how_to() {
    let [policy, binding] = forbid(Operations::Documented, &Exempt::default());
    let expected = json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "disallow-allowlists"},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [{
                "apiGroups": ["auto.gke.io"],
                "apiVersions": ["*"],
                "operations": ["*"],
                "resources": ["allowlistsynchronizers"],
            }]},
            "validations": [
                {"expression": "false", "message": "AllowlistSynchronizer creation is not allowed"},
            ],
        },
    });
    assert_eq!(policy, expected);
    let expected = json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "disallow-allowlists-binding"},
        "spec": {"policyName": "disallow-allowlists", "validationActions": ["Deny"]},
    });
    assert_eq!(binding, expected);
}
