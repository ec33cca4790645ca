//! The updates that every policy lets pass: a tightened policy must never keep anyone from taking a path away.
//!
//! Removing a path from a synchronizer is how GKE documents uninstalling an allowlist. Metadata change without the spec:
//! controllers write there, and an object that is being deleted goes when its last finalizer is taken away. Deletion
//! itself is no licence, as whoever keeps a finalizer on an object can go on writing its spec.

use k8s_openapi::api::admissionregistration::v1::Variable;

/// The names of the variables below, as other expressions of a policy refer to them.
pub(super) const REMOVES: &str = "variables.removes";

/// Variables that say whether the request is an update that installs nothing new.
///
/// Kubernetes evaluates a variable when it is first read, so none of those that need `oldObject` is read unless the
/// request is an update. `dyn` keeps the API server's type check from refusing to compare the fields one by one.
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
