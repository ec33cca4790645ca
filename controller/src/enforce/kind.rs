//! The two kinds of objects that enforce allowlists.

use k8s_openapi::api::admissionregistration::v1::{
    ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
};
use kube::api::ApiResource;

/// A kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// ValidatingAdmissionPolicy
    Policy,
    /// ValidatingAdmissionPolicyBinding
    Binding,
}

impl Kind {
    /// Both kinds.
    pub const ALL: [Kind; 2] = [Kind::Policy, Kind::Binding];

    /// Returns the resource of the kind, for requests.
    #[must_use]
    pub fn resource(self) -> ApiResource {
        match self {
            Kind::Policy => ApiResource::erase::<ValidatingAdmissionPolicy>(&()),
            Kind::Binding => ApiResource::erase::<ValidatingAdmissionPolicyBinding>(&()),
        }
    }
}
