//! Writing a `WorkloadAllowlist`: on GKE nobody but GKE does. Elsewhere whoever may write one could exempt himself.

use super::message;
use super::request::Context;
use super::response::Response;
use super::update::annotation;
use crate::allowlist::{AllowlistSet, NO_CONNECT};
use crate::manifest::Manifest;
use crate::value::Value;

pub(super) fn judge(context: &Context<'_, '_>, manifest: &Manifest<'_>) -> Response {
    let settings = context.settings;
    if context.old_object().is_some_and(|old| means_the_same(manifest.value, &old)) {
        return Response::accepted();
    }
    let subject = message::subject(context.request, manifest.kind);
    match &settings.writers {
        Some(writers) if writers.include(&context.request.user) => {}
        Some(_) => {
            return Response::denied(message::no_writer(&subject, &context.request.user.name));
        }
        // It has no effect on what this policy decides.
        None if !settings.from_cluster => return Response::accepted(),
        None => return Response::denied(message::no_writers(&subject)),
    }
    // Else it would be left out at every decision, and only those whom it was meant for would hear of that.
    match AllowlistSet::default().add(manifest) {
        Ok(warnings) => {
            let warnings = warnings.iter().map(ToString::to_string).collect();
            Response::accepted().audit("verdict", "admitted").warnings(warnings)
        }
        Err(faults) => Response::denied(message::invalid_allowlist(&subject, &faults)),
    }
}

/// Whether an update changes nothing that a decision reads: controllers write to metadata and status.
fn means_the_same(new: &Value<'_>, old: &Value<'_>) -> bool {
    let (Value::Map(fields), Value::Map(old_fields)) = (new, old) else { return false };
    let mut keys = fields.iter().chain(old_fields).map(|(key, _)| &**key);
    keys.all(|key| matches!(key, "metadata" | "status") || new.get(key) == old.get(key))
        && annotation(new, NO_CONNECT) == annotation(old, NO_CONNECT)
}
