//! ValidatingAdmissionPolicies for AllowlistSynchronizers, which forbid all allowlists or allow only listed paths, and
//! for WorkloadAllowlists, which only the controller may write.
//!
//! Each consists of a policy and its binding. Both fail closed: a request on which an expression fails is refused.

mod allow_only;
mod authorized;
mod forbid;
mod limits;
mod paths;
mod protect;
mod removal;

pub use allow_only::allow_only;
pub use authorized::authorized;
pub use forbid::{Operations, forbid};
pub use hallpass_compile::{Exempt, LONGEST_EXPRESSION};
pub use limits::longest_expression;
pub use paths::MOST_PATHS;
pub use protect::protect;

use k8s_openapi::api::admissionregistration::v1::{
    MatchResources, NamedRuleWithOperations, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
    ValidatingAdmissionPolicyBindingSpec, ValidatingAdmissionPolicySpec, Validation, Variable,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::object::Object;

/// The API versions in the rules of a policy. Kubernetes type-checks only rules that name a version, and only the rule for
/// `*` also holds for versions to come. (Up to 1.36, it does not type-check custom resources at all.)
const TYPE_CHECKED: &[&str] = &["v1", "*"];

/// The operations that write an object. Removal is left to RBAC.
const WRITES: &[&str] = &["CREATE", "UPDATE"];

const SYNCHRONIZERS: &str = "allowlistsynchronizers";

/// The parts that differ between policies.
struct Policy<'p> {
    name: &'p str,
    /// The resource of `auto.gke.io`.
    resource: &'p str,
    operations: &'p [&'p str],
    /// One rule per version.
    versions: &'p [&'p str],
    exempt: &'p Exempt,
    variables: Vec<Variable>,
    validations: Vec<Validation>,
}

impl Policy<'_> {
    fn with_binding(self) -> [Object; 2] {
        let strings = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
        let named = |name: String| ObjectMeta { name: Some(name), ..ObjectMeta::default() };
        let rule = |version: &&str| NamedRuleWithOperations {
            api_groups: strings(&["auto.gke.io"]),
            api_versions: strings(&[version]),
            operations: strings(self.operations),
            resources: strings(&[self.resource]),
            ..NamedRuleWithOperations::default()
        };
        let policy = ValidatingAdmissionPolicy {
            metadata: named(self.name.to_owned()),
            spec: Some(ValidatingAdmissionPolicySpec {
                failure_policy: Some("Fail".to_owned()),
                match_conditions: self.exempt.match_conditions(),
                match_constraints: Some(MatchResources {
                    resource_rules: Some(self.versions.iter().map(rule).collect()),
                    ..MatchResources::default()
                }),
                variables: (!self.variables.is_empty()).then_some(self.variables),
                validations: Some(self.validations),
                ..ValidatingAdmissionPolicySpec::default()
            }),
            status: None,
        };
        let binding = ValidatingAdmissionPolicyBinding {
            metadata: named(format!("{}-binding", self.name)),
            spec: Some(ValidatingAdmissionPolicyBindingSpec {
                policy_name: Some(self.name.to_owned()),
                validation_actions: strings(&["Deny"]),
                ..ValidatingAdmissionPolicyBindingSpec::default()
            }),
        };
        [object(&policy), object(&binding)]
    }
}

#[expect(clippy::expect_used, reason = "text and lists of text always serialize")]
fn object(typed: &impl serde::Serialize) -> Object {
    serde_json::to_value(typed).expect("text and lists of text")
}
