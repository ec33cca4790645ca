//! C10: managed namespaces.

use hallpass_policy::Profile;

use super::listed;
use crate::text::literal;

pub(super) fn messages(profile: &Profile) -> String {
    let namespace = "request.namespace";
    format!(
        "{} ?\n  [{} + {namespace} + {}] : []",
        listed(namespace, &[&profile.namespaces, &profile.assumed_namespaces]),
        literal("the namespace \""),
        literal("\" is managed and the request's verb \"create\" is denied")
    )
}
