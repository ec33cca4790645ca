//! W1: lists and admission reviews are unwrapped. A typo in a wrapper is an error, because its contents would not
//! be evaluated.

use super::Namespace;
use super::{ALLOWLIST_KIND, LIST, Manifest, REVIEW, REVIEW_GROUP, group_of};
use crate::kind::WorkloadKind;
use hallpass_document::{At, Diagnostic, Diagnostics, Value, nearest};

const NAMES: &str = "every manifest needs an `apiVersion` and a `kind`";

/// Returns every object in the document, in file order, and the errors.
#[must_use]
pub fn manifests<'v>(root: &'v Value<'v>) -> (Vec<Manifest<'v>>, Vec<Diagnostic>) {
    let mut found = Unwrap::default();
    // kubectl ignores null documents.
    if !root.is_null() {
        found.object(root, &At::pointer_to(""), Context::default());
    }
    (found.manifests, found.faults.errors)
}

#[derive(Default)]
struct Unwrap<'v> {
    manifests: Vec<Manifest<'v>>,
    faults: Diagnostics,
}

/// Defaults for an object from its wrappers.
#[derive(Clone, Default)]
struct Context<'v> {
    group: Option<&'v str>,
    api_version: Option<&'v str>,
    kind: Option<&'v str>,
    namespace: Option<Namespace<'v>>,
}

impl<'v> Unwrap<'v> {
    fn object(&mut self, value: &'v Value<'v>, at: &At<'_>, context: Context<'v>) {
        if !matches!(value, Value::Map(_)) {
            let message = format!("a Kubernetes object must be a map, not {}", value.kind());
            let is_item = at.called() == "an item of `items`";
            self.faults.error(Diagnostic::new(at.pointer(), message).help(match is_item {
                true => "kubectl reads `items` as a list of objects",
                false => NAMES,
            }));
            return;
        }
        if is_request(value) {
            self.request(value, value, at);
            return;
        }
        let Some(kind) = self.name_of(value, "kind", at).or(context.kind) else {
            self.missing(value, "kind", at);
            return;
        };
        let own_version = self.name_of(value, "apiVersion", at);
        if let Some(written) = own_version.filter(|written| !is_api_version(written)) {
            let fault =
                Diagnostic::new(at.key("apiVersion").pointer(), format!("`{written}` is not an API version"));
            self.faults.error(fault.help("write `VERSION` or `GROUP/VERSION`, such as `v1` or `apps/v1`"));
            return;
        }
        let Some(group) = own_version.map(group_of).or(context.group) else {
            self.missing(value, "apiVersion", at);
            return;
        };
        let api_version = own_version.or(context.api_version);
        let namespace = context.namespace;
        if kind == REVIEW && group == REVIEW_GROUP {
            self.review(value, at, namespace);
            return;
        }
        if kind == REVIEW {
            let message = format!("`{}` has no kind `{kind}`", api_version.unwrap_or(group));
            let fault = Diagnostic::new(at.key("apiVersion").pointer(), message);
            self.faults.error(fault.help(format!("write `apiVersion: {REVIEW_GROUP}/v1`")));
            return;
        }
        let item_kind = kind.strip_suffix(LIST);
        // kubectl treats any object with `items` as a list, whatever its kind and group, and ignores the rest of it.
        if has_key(value, "items") && (kind == ALLOWLIST_KIND || WorkloadKind::named(kind).is_some()) {
            let message =
                format!("kubectl treats a {kind} with `items` as a list, and ignores the rest of it");
            self.faults.error(
                Diagnostic::new(at.key("items").pointer(), message)
                    .in_key()
                    .help(format!("remove `items`, or make the {kind} an item of a `List`")),
            );
            return;
        }
        if value.get("items").is_some() {
            let item_kind = item_kind.filter(|kind| !kind.is_empty());
            let context = Context {
                kind: item_kind,
                group: item_kind.map(|_| group),
                api_version: item_kind.and(api_version),
                namespace: namespace.clone(),
            };
            self.items(value, at, &context);
            if item_kind.is_some() || kind == LIST {
                return;
            }
        } else if item_kind.is_some_and(|kind| kind.is_empty() || WorkloadKind::named(kind).is_some()) {
            self.missing_part(value, "items", at, &format!("the {kind} has no `items`"));
            return;
        }
        let pointer = at.pointer();
        self.manifests.push(Manifest {
            pointer,
            group,
            api_version,
            kind,
            value,
            request_namespace: namespace,
        });
    }

    fn items(&mut self, list: &'v Value<'v>, at: &At<'_>, context: &Context<'v>) {
        let Some(items) = list.get("items") else { return };
        let at = at.key("items");
        for (index, item) in self.faults.list(items, &at).iter().enumerate() {
            self.object(item, &at.index(index), context.clone());
        }
    }

    fn review(&mut self, review: &'v Value<'v>, at: &At<'_>, namespace: Option<Namespace<'v>>) {
        match review.get("request") {
            Some(request) => self.request(review, request, &at.key("request")),
            // A webhook's response contains nothing to evaluate.
            None if review.get("response").is_some() => self.skip(review, at, namespace),
            None => self.missing_part(review, "request", at, "the review has no `request`"),
        }
    }

    /// `holder` is the review, or the bare request itself.
    fn request(&mut self, holder: &'v Value<'v>, request: &'v Value<'v>, at: &At<'_>) {
        if !matches!(request, Value::Map(_)) {
            self.faults.error(Diagnostic::mistyped(at.pointer(), "`request`", request, "a map"));
            return;
        }
        let kind_at = at.key("kind");
        let (mut group, mut kind) = ("", None);
        for (key, value) in
            request.get("kind").map(|value| self.faults.map(value, &kind_at)).unwrap_or_default()
        {
            match &**key {
                "group" => group = self.faults.string(value, &kind_at.key(key)).unwrap_or_default(),
                "kind" => kind = self.faults.string(value, &kind_at.key(key)),
                _ => {}
            }
        }
        let namespace_at = at.key("namespace");
        let namespace = request.get("namespace").and_then(|name| self.faults.string(name, &namespace_at));
        let namespace = namespace
            .filter(|name| !name.is_empty())
            .map(|name| Namespace { name, path: namespace_at.pointer() });
        let context = Context { group: Some(group), api_version: None, kind, namespace };
        let operation = request.get("operation").and_then(Value::as_str);
        match request.get("object") {
            Some(object) => self.object(object, &at.key("object"), context),
            // These requests have no object to admit.
            None if matches!(operation, Some("DELETE" | "CONNECT")) => {
                self.skip(holder, at, context.namespace)
            }
            None => self.missing_part(request, "object", at, "the request has no `object`"),
        }
    }

    fn skip(&mut self, value: &'v Value<'v>, at: &At<'_>, request_namespace: Option<Namespace<'v>>) {
        let pointer = at.pointer();
        let (group, kind) = (REVIEW_GROUP, REVIEW);
        self.manifests.push(Manifest { pointer, group, api_version: None, kind, value, request_namespace });
    }

    fn name_of(&mut self, value: &'v Value<'v>, field: &'static str, at: &At<'_>) -> Option<&'v str> {
        let name = self.faults.string(value.get(field)?, &at.key(field))?;
        (!name.is_empty()).then_some(name)
    }

    fn missing(&mut self, value: &Value<'_>, field: &'static str, at: &At<'_>) {
        let message = format!("`{field}` is missing: this is not a Kubernetes object");
        self.missing_part(value, field, at, &message);
    }

    fn missing_part(&mut self, value: &Value<'_>, field: &'static str, at: &At<'_>, message: &str) {
        let path = at.key(field).pointer();
        // A value of the wrong type has already been reported.
        if self.faults.errors.iter().any(|fault| fault.path == path) {
            return;
        }
        let fault = Diagnostic::new(path, message);
        let entries = if let Value::Map(entries) = value { entries.as_slice() } else { &[] };
        let typo = entries.iter().map(|(key, _)| key.as_ref()).find(|key| nearest(key, [field]).is_some());
        self.faults.error(match (typo, field) {
            (Some(key), _) => fault.help(format!("did you mean `{field}` instead of `{key}`?")),
            (None, "items") => fault.help("write `items: []` for an empty list"),
            (None, "kind" | "apiVersion") => fault.help(NAMES),
            (None, _) => fault.help("it contains nothing to evaluate"),
        });
    }
}

/// Whether this is an `AdmissionRequest` without a review. Nothing else has a map as its kind; which other fields it
/// has depends on its author.
fn is_request(value: &Value<'_>) -> bool {
    matches!(value.get("kind"), Some(Value::Map(_)))
        && ["operation", "object", "oldObject", "uid"].iter().any(|field| value.get(field).is_some())
}

/// Whether the map has the key, even with a null value.
fn has_key(value: &Value<'_>, key: &str) -> bool {
    matches!(value, Value::Map(entries) if entries.iter().any(|(name, _)| name == key))
}

fn is_api_version(written: &str) -> bool {
    let mut parts = written.split('/');
    parts.by_ref().take(2).all(|part| !part.is_empty()) && parts.next().is_none()
}
