//! Forbids all AllowlistSynchronizers.

use k8s_openapi::api::admissionregistration::v1::Validation;

use super::removal::{self, REMOVES};
use super::{Exempt, Policy};
use crate::object::Object;

/// The requests that the policy refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operations {
    /// Creation, and updates that install something. Existing synchronizers can be emptied and deleted.
    #[default]
    Removable,
    /// Every operation, exactly as in GKE's how-to. On a real API server this also refuses DELETE, so installed
    /// synchronizers can never be removed.
    Documented,
}

/// Returns the policy that forbids AllowlistSynchronizers, and its binding, with the names from GKE's how-to.
#[must_use]
pub fn forbid(operations: Operations, exempt: &Exempt) -> [Object; 2] {
    let (operations, variables, expression): (&[&str], _, _) = match operations {
        Operations::Documented => (&["*"], Vec::new(), "false"),
        Operations::Removable => (&["CREATE", "UPDATE"], removal::variables(), REMOVES),
    };
    let validation = Validation {
        expression: expression.to_owned(),
        message: Some("AllowlistSynchronizer creation is not allowed".to_owned()),
        ..Validation::default()
    };
    let policy =
        Policy { name: "disallow-allowlists", operations, exempt, variables, validations: vec![validation] };
    policy.with_binding()
}
