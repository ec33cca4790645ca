//! What Kubernetes' type checker says about the policies, if KUBEBUILDER_ASSETS also has kube-controller-manager.

use std::cell::RefCell;

use hallpass_policy::synchronizer::AllowedPath;
use hallpass_renderer::Object;
use hallpass_renderer::admission::{Exempt, Operations, allow_only, authorized, forbid};
use serde_json::{Value as Json, json};

use super::start;
use hallpass_apiserver::Server;

/// Returns the warnings about a policy.
fn warnings(server: &Server, policy: &Object) -> Json {
    server.kubectl(&["apply", "-f", "-"], &policy.to_string()).unwrap();
    let found = RefCell::new(Json::Null);
    server.until("the policy is type-checked", || {
        let name = policy["metadata"]["name"].as_str().unwrap();
        let shown = server.kubectl(&["get", "validatingadmissionpolicy", name, "-o", "json"], "").unwrap();
        let shown: Json = serde_json::from_str(&shown).unwrap();
        *found.borrow_mut() = shown["status"]["typeChecking"].clone();
        shown["status"]["observedGeneration"] == shown["metadata"]["generation"]
    });
    server.kubectl(&["delete", "-f", "-"], &policy.to_string()).unwrap();
    found.into_inner()["expressionWarnings"].take()
}

#[test]
fn the_policies_have_no_type_errors() {
    let Some(mut server) = start() else { return };
    if !server.start_controllers() {
        return;
    }
    let entry = |path: &str, bucket: Option<&str>| AllowedPath {
        path: path.to_owned(),
        bucket_name: bucket.map(str::to_owned),
        project_number: bucket.map(|_| 1),
    };
    let allowed =
        [entry("a/*", None), entry("a/b/*", None), entry("a.yaml", None), entry("own/*", Some("own"))];
    let exempt = Exempt { users: vec!["admin".to_owned()], groups: vec!["ops".to_owned()] };
    let policies = [
        allow_only(&allowed, &exempt),
        allow_only(&allowed[3..], &Exempt::default()),
        allow_only(&[], &Exempt::default()),
        forbid(Operations::Removable, &exempt),
        authorized(&"gke://*,gs://own/a/*".parse().unwrap()),
    ];
    for [policy, _] in &policies {
        assert_eq!(warnings(&server, policy), Json::Null);
        // Kubernetes checks no rule for `*`, and up to 1.36 no custom resource. It would find an error in this policy, if it
        // were about a built-in resource: so the checker has the expressions, and ours are next once it can read them.
        let mut wrong = policy.clone();
        wrong["spec"]["validations"][0]["expression"] = "object.spec.allowlistPath.size() > 0".into();
        let rule = &mut wrong["spec"]["matchConstraints"]["resourceRules"][0];
        assert_eq!(rule["apiVersions"], json!(["v1"]));
        rule["apiGroups"] = json!(["apps"]);
        rule["resources"] = json!(["deployments"]);
        let warnings = warnings(&server, &wrong).to_string();
        assert!(warnings.contains("undefined field 'allowlistPath'"), "{warnings}");
    }
}
