//! Protects WorkloadAllowlists outside GKE, where anyone who may write one could exempt their own workloads.

use k8s_openapi::api::admissionregistration::v1::Validation;

use super::{Exempt, Policy, TYPE_CHECKED, WRITES};
use crate::object::Object;
use hallpass_compile::{list, literal};

/// Kubernetes' garbage collector, with and without its own service account. It updates an allowlist that survives the
/// deletion of its synchronizer, and the deletion never ends if it may not.
const GARBAGE_COLLECTOR: [&str; 2] =
    ["system:serviceaccount:kube-system:generic-garbage-collector", "system:kube-controller-manager"];

/// Returns the policy that allows only `writer`, the user name of the controller, to create and update
/// WorkloadAllowlists, and its binding. It leaves deletions to RBAC: the controller installs deleted allowlists again.
#[must_use]
pub fn protect(writer: &str) -> [Object; 2] {
    let user = "request.userInfo.username";
    let validation = Validation {
        expression: format!(
            "{user} == {} || (request.operation == 'UPDATE' && {user} in {})",
            literal(writer),
            list(GARBAGE_COLLECTOR)
        ),
        message: Some(format!(
            "only `{writer}` may write WorkloadAllowlists: name the path of the allowlist in an AllowlistSynchronizer, which \
             installs it"
        )),
        ..Validation::default()
    };
    let policy = Policy {
        name: "hallpass-protect-allowlists",
        resource: "workloadallowlists",
        operations: WRITES,
        versions: TYPE_CHECKED,
        exempt: &Exempt::default(),
        variables: Vec::new(),
        validations: vec![validation],
    };
    policy.with_binding()
}
