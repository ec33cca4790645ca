//! The updates that every policy lets pass: a tightened policy must never keep anyone from taking a path away.
//!
//! Removing a path from a synchronizer is how GKE documents uninstalling an allowlist, and an object that is being
//! deleted, or whose controller writes to its metadata, is updated too.

use k8s_openapi::api::admissionregistration::v1::Variable;

/// The names of the variables below, as other expressions of a policy refer to them.
pub(super) const REMOVES: &str = "variables.removes";

/// Variables that say whether the request is an update that installs nothing new.
///
/// Kubernetes evaluates a variable when it is first read, so none of those that need `oldObject` is read unless the
/// request is an update. `dyn` keeps the API server's type check from refusing to compare the fields one by one.
pub(super) fn variables() -> Vec<Variable> {
    [
        ("deleted", "has(object.metadata.deletionTimestamp)"),
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
        (
            "removes",
            "request.operation == 'UPDATE' \
             && (variables.deleted || variables.unchanged || variables.shrinks)",
        ),
    ]
    .map(|(name, expression)| Variable { name: name.to_owned(), expression: expression.to_owned() })
    .into()
}
