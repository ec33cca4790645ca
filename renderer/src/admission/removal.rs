//! Updates that every policy allows: a stricter policy must never prevent the removal of a path.
//!
//! GKE documents the removal of a path from a synchronizer as the way to uninstall an allowlist. Updates that change
//! only the metadata are also allowed: controllers update metadata, and a deleted object disappears when its last
//! finalizer is removed. Deletion alone permits nothing, because anyone who keeps a finalizer on an object can still
//! change its spec.

use k8s_openapi::api::admissionregistration::v1::Variable;

/// The name of the variable that other expressions use.
pub(super) const REMOVES: &str = "variables.removes";

/// Variables that determine whether the request is an update that installs nothing new.
///
/// Kubernetes evaluates a variable when it is first used, so the variables that need `oldObject` are evaluated only for
/// updates. `dyn` prevents the API server's type checker from rejecting the comparison of fields.
pub(super) fn variables() -> Vec<Variable> {
    [
        (
            "unchanged",
            "has(object.spec) == has(oldObject.spec) && (!has(object.spec) || object.spec == oldObject.spec)",
        ),
        (
            "shrinks",
            "has(object.spec) && has(oldObject.spec) \
             && has(object.spec.allowlistPaths) && has(oldObject.spec.allowlistPaths) \
             && object.spec.allowlistPaths.all(path, path in oldObject.spec.allowlistPaths) \
             && dyn(object.spec).all(field, field == 'allowlistPaths' \
             || (field in dyn(oldObject.spec) && dyn(object.spec)[field] == dyn(oldObject.spec)[field])) \
             && dyn(oldObject.spec).all(field, field in dyn(object.spec))",
        ),
        ("removes", "request.operation == 'UPDATE' && (variables.unchanged || variables.shrinks)"),
    ]
    .map(|(name, expression)| Variable { name: name.to_owned(), expression: expression.to_owned() })
    .into()
}
