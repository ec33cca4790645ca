//! Forbids all AllowlistSynchronizers.

use hallpass_policy::synchronizer::ONLY_REMOVAL;
use k8s_openapi::api::admissionregistration::v1::Validation;

use super::removal::{self, REMOVES};
use super::{Exempt, Policy, SYNCHRONIZERS, TYPE_CHECKED, WRITES};
use crate::object::Object;

/// The text of GKE's how-to.
const NO_CREATION: &str = "AllowlistSynchronizer creation is not allowed";

/// The requests that the policy refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operations {
    /// Creation, and updates that install something. Existing synchronizers can be emptied and deleted.
    #[default]
    Removable,
    /// Every operation, exactly as in GKE's how-to. On a real API server this also refuses DELETE, so installed
    /// synchronizers can never be removed, and updates that remove a finalizer, so synchronizers that are being deleted
    /// never disappear.
    Documented,
}

/// Returns the policy that forbids AllowlistSynchronizers, and its binding, with the names from GKE's how-to.
#[must_use]
pub fn forbid(operations: Operations, exempt: &Exempt) -> [Object; 2] {
    let refuse = |expression: &str, message: &str| Validation {
        expression: expression.to_owned(),
        message: Some(message.to_owned()),
        ..Validation::default()
    };
    let name = "disallow-allowlists";
    let policy = match operations {
        Operations::Documented => Policy {
            name,
            resource: SYNCHRONIZERS,
            operations: &["*"],
            versions: &["*"],
            exempt,
            variables: Vec::new(),
            validations: vec![refuse("false", NO_CREATION)],
        },
        Operations::Removable => Policy {
            name,
            resource: SYNCHRONIZERS,
            operations: WRITES,
            versions: TYPE_CHECKED,
            exempt,
            variables: removal::variables(),
            validations: vec![
                refuse("request.operation != 'CREATE'", NO_CREATION),
                refuse(&format!("request.operation == 'CREATE' || {REMOVES}"), ONLY_REMOVAL),
            ],
        },
    };
    policy.with_binding()
}
