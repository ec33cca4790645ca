//! Workloads: admitted, exempted or denied.

use hallpass_policy::{Decision, Manifest, NO_CONNECT, Verdict, Workload, WorkloadKind};
use hallpass_workload::is_unchanged;

use super::annotation;
use super::mutation::annotate;
use super::payload::object_text;
use super::request::Context;
use super::response::Response;
use super::{installed, message};

pub(super) fn judge(context: &Context<'_, '_>, manifest: &Manifest<'_>, kind: WorkloadKind) -> Response {
    if let Some(old) = context.old_object() {
        let was_blocked = annotation(old, NO_CONNECT) == Some("true");
        let is_blocked = annotation(manifest.value, NO_CONNECT) == Some("true");
        if context.settings.no_connect && kind == WorkloadKind::Pod && was_blocked && !is_blocked {
            return Response::denied(message::unblocked(&message::subject(context.request, kind.name())));
        }
        if is_unchanged(manifest.value, old, kind) {
            return Response::accepted();
        }
    }
    let read = match Workload::read(manifest, kind) {
        Ok(read) => read,
        Err(faults) => {
            let subject = message::subject(context.request, kind.name());
            return Response::unjudged(message::unreadable(&subject, &faults));
        }
    };
    let decided = installed::decide(&read.workload, context.settings, context.allowlists, context.host);
    let (decision, warnings) = match decided {
        Ok(decided) => decided,
        Err(why) => return Response::unjudged(why),
    };
    let closed = annotation(manifest.value, NO_CONNECT) == Some("true");
    answer(context, kind, decision, closed).warnings(warnings)
}

/// `closed`: the object already has the annotation that forbids connections.
fn answer(context: &Context<'_, '_>, kind: WorkloadKind, decision: Decision, closed: bool) -> Response {
    let verdict = decision.verdict.name();
    match decision.verdict {
        Verdict::Admitted => Response::accepted().audit("verdict", verdict),
        Verdict::Exempted => {
            let blocks = decision.no_connect == Some(true);
            let allowlist = decision.allowlist.unwrap_or_default();
            let response = Response::accepted().audit("verdict", verdict).audit("allowlist", allowlist);
            if blocks && !closed && kind == WorkloadKind::Pod { block(context, response) } else { response }
        }
        Verdict::Denied => {
            let subject = message::subject(context.request, kind.name());
            let nearest = decision.mismatches.first().map(|mismatch| mismatch.allowlist.clone());
            let response = Response::denied(message::denial(&subject, &decision));
            match nearest {
                Some(nearest) => response.audit("nearest-allowlist", nearest),
                None => response,
            }
        }
    }
}

/// Adds the annotation that forbids connections to the Pod. A subresource cannot change annotations, and the mode
/// `warn` changes nothing.
fn block(context: &Context<'_, '_>, response: Response) -> Response {
    let settings = context.settings;
    let is_pod_itself = context.request.sub_resource.as_deref().is_none_or(str::is_empty);
    if !settings.no_connect || settings.warn || !is_pod_itself {
        return response;
    }
    match object_text(context.payload).and_then(annotate) {
        Ok(object) => response.mutated(object),
        Err(error) => {
            Response::unjudged(format!("the annotation `{NO_CONNECT}` cannot be added to the Pod: {error}"))
        }
    }
}
