//! Refuses exec, attach and port-forward into Pods whose annotation forbids connections (rule M14).

use hallpass_document::Value;
use hallpass_policy::NO_CONNECT;
use serde::Serialize;

use super::annotation;
use super::request::Context;
use super::response::Response;

/// The current Pod, not a cached copy: a copy from before its annotation was set would allow the connection.
#[derive(Serialize)]
struct Wanted<'w> {
    api_version: &'static str,
    kind: &'static str,
    name: &'w str,
    namespace: &'w str,
    disable_cache: bool,
}

/// Applies to all subresources that connect to a Pod, current and future.
pub(super) fn judge(context: &Context<'_, '_>) -> Response {
    if !context.settings.no_connect {
        return Response::accepted();
    }
    let Some(resource) = &context.request.resource else {
        return Response::unjudged("the request has no `resource` to connect to".to_owned());
    };
    if !resource.group.is_empty() || resource.resource != "pods" {
        return Response::accepted();
    }
    match is_blocked(context) {
        Ok(false) => Response::accepted(),
        Ok(true) => {
            let pod = name_of(context).unwrap_or_default();
            Response::denied(format!(
                "Cannot connect to pod {pod}, with annotation \"{NO_CONNECT}\": \"true\"."
            ))
        }
        Err(why) => {
            Response::unjudged(format!("cannot determine whether connections to this Pod are allowed: {why}"))
        }
    }
}

fn names<'r>(context: &'r Context<'_, '_>) -> Option<(&'r str, &'r str)> {
    let there = |name: &'r Option<String>| name.as_deref().filter(|name| !name.is_empty());
    Some((there(&context.request.namespace)?, there(&context.request.name)?))
}

fn name_of(context: &Context<'_, '_>) -> Option<String> {
    names(context).map(|(namespace, name)| format!("{namespace}/{name}"))
}

fn is_blocked(context: &Context<'_, '_>) -> Result<bool, String> {
    let (namespace, name) = names(context).ok_or("the request names no Pod, or no namespace")?;
    let wanted = Wanted { api_version: "v1", kind: "Pod", name, namespace, disable_cache: true };
    let wanted = serde_json::to_vec(&wanted).map_err(|error| error.to_string())?;
    let response = (context.host)("get_resource", &wanted)
        .map_err(|error| format!("the Pod `{namespace}/{name}` cannot be fetched: {error}"))?;
    let pod = Value::from_json(&response)
        .map_err(|error| format!("the response for the Pod `{namespace}/{name}` is {error}"))?;
    let has = |field, wanted| {
        let found = pod.get("metadata").and_then(|metadata| metadata.get(field));
        found.and_then(Value::as_str) == Some(wanted)
    };
    if !has("name", name) || !has("namespace", namespace) {
        return Err(format!("the response for the Pod `{namespace}/{name}` is another object"));
    }
    Ok(annotation(&pod, NO_CONNECT) == Some("true"))
}
