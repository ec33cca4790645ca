//! `AllowlistSynchronizer`s: the same rules as the rendered admission policies.

use hallpass_document::{At, Diagnostic, Diagnostics, Value};
use hallpass_policy::Manifest;
use hallpass_policy::synchronizer::{AllowedPath, ONLY_REMOVAL, Requested, admits, removes};

use super::message;
use super::request::Context;
use super::response::Response;
use super::settings::SynchronizerRule;

pub(super) fn is_one(group: &str, kind: &str) -> bool {
    group == "auto.gke.io" && kind == "AllowlistSynchronizer"
}

pub(super) fn forbidden() -> Response {
    Response::denied("AllowlistSynchronizer creation is not allowed".to_owned())
}

pub(super) fn judge(context: &Context<'_, '_>, manifest: &Manifest<'_>) -> Response {
    let Some(synchronizers) = &context.settings.synchronizers else { return Response::accepted() };
    if synchronizers.exempt.include(&context.request.user) {
        return Response::accepted();
    }
    if matches!(synchronizers.rule, SynchronizerRule::Documented) {
        return forbidden();
    }
    let old = context.old_object();
    if old.is_some_and(|old| removes(manifest.value, old)) {
        return Response::accepted();
    }
    match &synchronizers.rule {
        SynchronizerRule::Only(allowed) => restrict(allowed, manifest.value),
        SynchronizerRule::Removable if old.is_some() => Response::denied(ONLY_REMOVAL.to_owned()),
        SynchronizerRule::Removable | SynchronizerRule::Documented => forbidden(),
    }
}

fn restrict(allowed: &[AllowedPath], object: &Value<'_>) -> Response {
    let mut faults = Diagnostics::default();
    let at = At::pointer_to("/spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    let (mut paths, mut bucket_name, mut project_number) = (Vec::new(), None, None);
    for (key, value) in faults.map(spec, &at) {
        let at = at.key(key);
        match &**key {
            "allowlistPaths" => paths = faults.strings(value, &at),
            // The admission policies treat a null field as present.
            "bucketName" | "projectNumber" if value.is_null() => {
                let message = format!("{} must not be null", at.called());
                faults.error(Diagnostic::new(at.pointer(), message).help("remove it"));
            }
            "bucketName" => bucket_name = faults.string(value, &at),
            "projectNumber" => match value {
                Value::Int(number) => project_number = Some(*number),
                other => faults.error(Diagnostic::new(
                    at.pointer(),
                    format!("`projectNumber` must be a whole number, not {}", other.kind()),
                )),
            },
            _ => {}
        }
    }
    if !faults.errors.is_empty() {
        return Response::unjudged(message::unreadable("the AllowlistSynchronizer", &faults.errors));
    }
    match admits(allowed, &Requested { paths: &paths, bucket_name, project_number }) {
        Ok(()) => Response::accepted(),
        Err(refusal) => Response::denied(message::refusal(refusal, bucket_name)),
    }
}
