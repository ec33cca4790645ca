//! Dispatches requests to their rules.

use hallpass_document::{Diagnostics, Value};
use hallpass_policy::{Manifest, Namespace, Role};
use serde_json::value::RawValue;

use super::message;
use super::payload::{RawSettings, Request};
use super::response::Response;
use super::settings::{Settings, SynchronizerRule};
use super::{HostCall, allowlist_writes, connect, synchronizers, workload};

/// Everything that a rule may read in addition to the object.
pub(super) struct Context<'c, 'p> {
    pub(super) request: &'c Request<'p>,
    /// The complete payload of `validate`.
    pub(super) payload: &'c [u8],
    /// The allowlists in the settings.
    pub(super) allowlists: Option<&'c RawValue>,
    pub(super) settings: &'c Settings,
    pub(super) host: HostCall<'c>,
}

pub(super) fn validate(
    payload: &[u8],
    raw: &RawSettings<'_>,
    request: &Request<'_>,
    host: HostCall<'_>,
) -> Response {
    let mut faults = Diagnostics::default();
    let settings = Settings::read(&raw.rest, &mut faults);
    if !faults.errors.is_empty() {
        return Response::unjudged(message::invalid_settings(&faults.errors));
    }
    let context = Context { request, payload, allowlists: raw.allowlists, settings: &settings, host };
    let response = context.judge();
    if settings.warn { response.softened() } else { response }
}

impl Context<'_, '_> {
    fn judge(&self) -> Response {
        match self.request.operation.as_str() {
            "CREATE" | "UPDATE" => self.judge_object(),
            // A deleted object no longer has privileges.
            "DELETE" if self.forbids_all_of_synchronizers() => synchronizers::forbidden(),
            "DELETE" => Response::accepted(),
            "CONNECT" => connect::judge(self),
            other => Response::unjudged(format!(
                "unknown operation `{other}`: remove it from the policy's `rules`"
            )),
        }
    }

    fn forbids_all_of_synchronizers(&self) -> bool {
        let rule = self.settings.synchronizers.as_ref();
        rule.is_some_and(|synchronizers| {
            matches!(synchronizers.rule, SynchronizerRule::Documented)
                && synchronizers::is_one(&self.request.kind.group, &self.request.kind.kind)
                && !synchronizers.exempt.include(&self.request.user)
        })
    }

    fn judge_object(&self) -> Response {
        let Some(object) = self.request.object else {
            return Response::unjudged(
                "the request has no `object`: it contains nothing to evaluate".to_owned(),
            );
        };
        let manifest = match self.manifest(object) {
            Ok(manifest) => manifest,
            Err(message) => return Response::unjudged(message),
        };
        if synchronizers::is_one(manifest.group, manifest.kind) {
            return synchronizers::judge(self, &manifest);
        }
        match manifest.role() {
            Ok(Role::Workload(kind)) => workload::judge(self, &manifest, kind),
            Ok(Role::Allowlist) => allowlist_writes::judge(self, &manifest),
            // Its kind does not run as a Pod. Pods that a custom resource creates are evaluated when they are created.
            Ok(Role::Other) => Response::accepted(),
            Err(fault) => Response::unjudged(message::unreadable("the object", &[fault])),
        }
    }

    /// Returns the object with the kind of the request, which the API server has set.
    fn manifest<'v>(&'v self, object: &'v Value<'v>) -> Result<Manifest<'v>, String> {
        let (group, kind) = (self.request.kind.group.as_str(), self.request.kind.kind.as_str());
        if !matches!(object, Value::Map(_)) {
            return Err(format!("the object must be a map, not {}", object.kind()));
        }
        let api_version = object.get("apiVersion").map(|version| version.as_str().unwrap_or_default());
        let own_kind = object.get("kind").map(|kind| kind.as_str().unwrap_or_default());
        let own_group = api_version.map(|version| version.split_once('/').map_or("", |(group, _)| group));
        if own_kind.is_some_and(|own| own != kind) || own_group.is_some_and(|own| own != group) {
            return Err(format!(
                "the request is for a `{kind}` of the group `{group}`, but its object is a `{}` of `{}`: neither is evaluated",
                own_kind.unwrap_or(kind),
                api_version.unwrap_or(group)
            ));
        }
        let namespace = self.request.namespace.as_deref().filter(|name| !name.is_empty());
        Ok(Manifest {
            pointer: String::new(),
            group,
            api_version,
            kind,
            value: object,
            request_namespace: namespace
                .map(|name| Namespace { name, path: "/metadata/namespace".to_owned() }),
        })
    }

    pub(super) fn is_update(&self) -> bool {
        self.request.operation == "UPDATE"
    }

    /// Returns the object before an update.
    pub(super) fn old_object(&self) -> Option<&Value<'_>> {
        self.request.old_object.filter(|_| self.is_update())
    }
}
