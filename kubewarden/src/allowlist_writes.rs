//! Restricts who may write a `WorkloadAllowlist`. On GKE only GKE may; elsewhere, anyone who may write one could exempt
//! their own workloads.

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Manifest, NO_CONNECT};

use super::annotation;
use super::message;
use super::request::Context;
use super::response::Response;

pub(super) fn judge(context: &Context<'_, '_>, manifest: &Manifest<'_>) -> Response {
    let settings = context.settings;
    if context.old_object().is_some_and(|old| means_the_same(manifest.value, old)) {
        return Response::accepted();
    }
    let subject = message::subject(context.request, manifest.kind);
    match &settings.writers {
        Some(writers) if writers.include(&context.request.user) => {}
        Some(_) => {
            return Response::denied(message::no_writer(&subject, &context.request.user.name));
        }
        // The allowlist has no effect on this policy's decisions.
        None if !settings.from_cluster => return Response::accepted(),
        None => return Response::denied(message::no_writers(&subject)),
    }
    // Otherwise it would be ignored in every decision, and only the creators of its workloads would see a warning.
    let load = AllowlistSet::load(std::slice::from_ref(manifest));
    if let Some((_, faults)) = load.invalid.first() {
        return Response::denied(message::invalid_allowlist(&subject, faults));
    }
    let warnings = load.warnings.iter().map(|(_, warning)| warning.to_string()).collect();
    Response::accepted().audit("verdict", "admitted").warnings(warnings)
}

/// Whether an update changes nothing that a decision reads: controllers update metadata and status.
fn means_the_same(new: &Value<'_>, old: &Value<'_>) -> bool {
    let (Value::Map(fields), Value::Map(old_fields)) = (new, old) else { return false };
    let mut keys = fields.iter().chain(old_fields).map(|(key, _)| &**key);
    keys.all(|key| matches!(key, "metadata" | "status") || new.get(key) == old.get(key))
        && annotation(new, NO_CONNECT) == annotation(old, NO_CONNECT)
}
