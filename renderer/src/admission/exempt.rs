//! Who a policy does not bind.

use k8s_openapi::api::admissionregistration::v1::MatchCondition;

use super::cel::list;

/// Users and groups whose requests a policy does not judge, by the names of `request.userInfo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Exempt {
    /// User names, such as `system:serviceaccount:flux-system:kustomize-controller`.
    pub users: Vec<String>,
    /// Group names; a member of any of them is exempt.
    pub groups: Vec<String>,
}

impl Exempt {
    /// The conditions under which a policy judges a request: all must hold.
    pub(super) fn match_conditions(&self) -> Option<Vec<MatchCondition>> {
        let mut conditions = Vec::new();
        if !self.users.is_empty() {
            conditions.push(MatchCondition {
                name: "user-is-not-exempt".to_owned(),
                expression: format!("!(request.userInfo.username in {})", names(&self.users)),
            });
        }
        if !self.groups.is_empty() {
            // A request without groups has no such field.
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
