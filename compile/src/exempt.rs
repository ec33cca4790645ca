//! Users and groups to which a policy does not apply.

use k8s_openapi::api::admissionregistration::v1::MatchCondition;

use crate::text::list;

/// Users and groups whose requests a policy ignores, by the names in `request.userInfo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Exempt {
    /// User names, such as `system:serviceaccount:flux-system:kustomize-controller`.
    pub users: Vec<String>,
    /// Group names. Members of any of these groups are exempt.
    pub groups: Vec<String>,
}

impl Exempt {
    /// Returns the match conditions of the policy: it evaluates a request only if all hold.
    #[must_use]
    pub fn match_conditions(&self) -> Option<Vec<MatchCondition>> {
        let mut conditions = Vec::new();
        if !self.users.is_empty() {
            conditions.push(MatchCondition {
                name: "user-is-not-exempt".to_owned(),
                expression: format!("!(request.userInfo.username in {})", names(&self.users)),
            });
        }
        if !self.groups.is_empty() {
            // In a request without groups, the field is absent.
            let member = format!("request.userInfo.groups.exists(group, group in {})", names(&self.groups));
            conditions.push(MatchCondition {
                name: "groups-are-not-exempt".to_owned(),
                expression: format!("!(has(request.userInfo.groups) && {member})"),
            });
        }
        (!conditions.is_empty()).then_some(conditions)
    }
}

fn names(names: &[String]) -> String {
    list(names.iter().map(String::as_str))
}
