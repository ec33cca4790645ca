//! Updates that every policy allows: a stricter policy must never prevent the removal of a path.
//!
//! GKE documents the removal of a path from a synchronizer as the way to uninstall an allowlist. Updates that change
//! only the metadata are also allowed: controllers update metadata, and a deleted object disappears when its last
//! finalizer is removed. Deletion alone permits nothing, because anyone who keeps a finalizer on an object can still
//! change its spec.

use k8s_openapi::api::admissionregistration::v1::Variable;

use super::MOST_PATHS;

/// The name of the variable that other expressions use.
pub(super) const REMOVES: &str = "variables.removes";

/// The maximum product of the numbers of new and old paths: comparing each with each must stay within Kubernetes' cost
/// limit. Twice what two synchronizers of [`MOST_PATHS`] need, so that longer ones can also shrink.
const MOST_PAIRS: usize = 2 * MOST_PATHS * MOST_PATHS;

/// Variables that determine whether the request is an update that installs nothing new.
///
/// Kubernetes evaluates a variable when it is first used, so the variables that need `oldObject` are evaluated only for
/// updates. `dyn` prevents the API server's type checker from rejecting the comparison of fields.
pub(super) fn variables() -> Vec<Variable> {
    let shrinks = format!(
        "has(object.spec.allowlistPaths) && has(oldObject.spec) && has(oldObject.spec.allowlistPaths) \
         && object.spec.allowlistPaths.size() * oldObject.spec.allowlistPaths.size() <= {MOST_PAIRS} \
         && object.spec.allowlistPaths.all(path, path in oldObject.spec.allowlistPaths) \
         && dyn(object.spec).all(field, field == 'allowlistPaths' \
         || (field in dyn(oldObject.spec) && dyn(object.spec)[field] == dyn(oldObject.spec)[field])) \
         && dyn(oldObject.spec).all(field, field in dyn(object.spec))"
    );
    let removes =
        "request.operation == 'UPDATE' && (!has(object.spec) || variables.unchanged || variables.shrinks)";
    [
        ("unchanged", "has(oldObject.spec) && object.spec == oldObject.spec"),
        ("shrinks", &shrinks),
        ("removes", removes),
    ]
    .map(|(name, expression)| Variable { name: name.to_owned(), expression: expression.to_owned() })
    .into()
}
