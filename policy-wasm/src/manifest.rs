//! From one document to the objects in it: lists and admission reviews are unwrapped (rule W1).

use crate::fault::{Fault, Faults};
use crate::pointer::At;
use crate::spelling::nearest;
use crate::value::Value;
use crate::workload::{Namespace, WorkloadKind};

/// One Kubernetes object in a document.
#[derive(Clone, Debug)]
pub struct Manifest<'v> {
    /// JSON pointer to the object from the document's root; empty when it is the root.
    pub pointer: String,
    /// The API group: what precedes the `/` of `apiVersion`; empty for the core group.
    pub group: &'v str,
    /// The object's kind.
    pub kind: &'v str,
    /// The object.
    pub value: &'v Value<'v>,
    /// The namespace of the admission request that holds the object.
    pub request_namespace: Option<Namespace<'v>>,
}

/// The kind and group of an allowlist (the CRD's own).
const ALLOWLIST_KIND: &str = "WorkloadAllowlist";
const ALLOWLIST_GROUP: &str = "auto.gke.io";

/// What a manifest is to the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It holds a Pod template that is judged.
    Workload(WorkloadKind),
    /// It is a `WorkloadAllowlist`.
    Allowlist,
    /// No rule reads it.
    Other,
}

impl<'v> Manifest<'v> {
    /// `metadata.name`
    #[must_use]
    pub fn name(&self) -> Option<&'v str> {
        self.value.get("metadata")?.get("name")?.as_str()
    }

    /// What this object is to the decision.
    ///
    /// # Errors
    /// A known kind under a group that is not its own, or a kind that is almost a known one: taking either
    /// for something to skip would let it pass unjudged.
    pub fn role(&self) -> Result<Role, Fault> {
        if self.kind == ALLOWLIST_KIND {
            if self.group == ALLOWLIST_GROUP {
                return Ok(Role::Allowlist);
            }
            return Err(self.wrong_group(&format!("{ALLOWLIST_GROUP}/v1")));
        }
        if let Some(kind) = WorkloadKind::named(self.kind) {
            if kind.group() == self.group {
                return Ok(Role::Workload(kind));
            }
            if is_builtin_group(self.group) {
                return Err(self.wrong_group(kind.api_version()));
            }
            return Ok(Role::Other);
        }
        if is_builtin_group(self.group) || self.group == ALLOWLIST_GROUP {
            let known = WorkloadKind::ALL.iter().map(|kind| kind.name()).chain([ALLOWLIST_KIND]);
            if let Some(meant) = nearest(self.kind, known) {
                let fault =
                    Fault::new(format!("{}/kind", self.pointer), format!("no kind is named `{}`", self.kind));
                return Err(fault.help(format!("did you mean `{meant}`?")));
            }
        }
        Ok(Role::Other)
    }

    /// Whether this is an allowlist or was surely meant as one, so that a slip in it must be told.
    #[must_use]
    pub fn is_meant_as_allowlist(&self) -> bool {
        self.group == ALLOWLIST_GROUP
            || self.kind == ALLOWLIST_KIND
            || nearest(self.kind, [ALLOWLIST_KIND]).is_some()
    }

    fn wrong_group(&self, right: &str) -> Fault {
        let written = self.value.get("apiVersion").and_then(Value::as_str).unwrap_or(self.group);
        Fault::new(format!("{}/apiVersion", self.pointer), format!("`{written}` has no kind `{}`", self.kind))
            .help(format!("write `apiVersion: {right}`"))
    }
}

/// Groups of Kubernetes itself; only custom resources have others.
fn is_builtin_group(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}

/// Every object in the document, in file order, and what is wrong with those that are none.
#[must_use]
pub fn manifests<'v>(root: &'v Value<'v>) -> (Vec<Manifest<'v>>, Vec<Fault>) {
    let mut found = Unwrap::default();
    found.object(root, &At::pointer_to(""), Context::default());
    (found.manifests, found.faults.errors)
}

#[derive(Default)]
struct Unwrap<'v> {
    manifests: Vec<Manifest<'v>>,
    faults: Faults,
}

/// What surrounds an object says about it when it does not say so itself.
#[derive(Clone, Default)]
struct Context<'v> {
    group: Option<&'v str>,
    kind: Option<&'v str>,
    namespace: Option<Namespace<'v>>,
}

impl<'v> Unwrap<'v> {
    fn object(&mut self, value: &'v Value<'v>, at: &At<'_>, context: Context<'v>) {
        if !matches!(value, Value::Map(_)) {
            let fault =
                Fault::new(at.pointer(), format!("a Kubernetes object must be a map, not {}", value.kind()));
            self.faults.error(fault);
            return;
        }
        if matches!(value.get("kind"), Some(Value::Map(_))) && value.get("operation").is_some() {
            self.request(value, value, at);
            return;
        }
        let Some(kind) = self.name_of(value, "kind", at).or(context.kind) else {
            self.missing(value, "kind", at);
            return;
        };
        let Some(group) = self.name_of(value, "apiVersion", at).map(group_of).or(context.group) else {
            self.missing(value, "apiVersion", at);
            return;
        };
        match kind {
            "AdmissionReview" if group == "admission.k8s.io" => match value.get("request") {
                Some(request) => self.request(value, request, &at.key("request")),
                None => self.push(value, at, group, kind, context),
            },
            // Of whatever group: items skipped for a slip in the wrapper would pass unjudged.
            "List" => self.items(value, at, Context { namespace: context.namespace, ..Context::default() }),
            _ => match kind.strip_suffix("List").filter(|_| value.get("items").is_some()) {
                Some(item) => {
                    let context = Context { group: Some(group), kind: Some(item), ..context };
                    self.items(value, at, context);
                }
                None => self.push(value, at, group, kind, context),
            },
        }
    }

    fn push(
        &mut self,
        value: &'v Value<'v>,
        at: &At<'_>,
        group: &'v str,
        kind: &'v str,
        context: Context<'v>,
    ) {
        let pointer = at.pointer();
        self.manifests.push(Manifest { pointer, group, kind, value, request_namespace: context.namespace });
    }

    fn items(&mut self, list: &'v Value<'v>, at: &At<'_>, context: Context<'v>) {
        let Some(items) = list.get("items") else { return };
        let at = at.key("items");
        for (index, item) in self.faults.list(items, &at).iter().enumerate() {
            self.object(item, &at.index(index), context.clone());
        }
    }

    /// `holder` is the review, or the bare request itself.
    fn request(&mut self, holder: &'v Value<'v>, request: &'v Value<'v>, at: &At<'_>) {
        let kind = request.get("kind");
        let part = |name| kind.and_then(|kind| kind.get(name)).and_then(Value::as_str);
        let namespace = request.get("namespace").and_then(Value::as_str).filter(|name| !name.is_empty());
        let context = Context {
            group: Some(part("group").unwrap_or_default()),
            kind: part("kind"),
            namespace: namespace.map(|name| Namespace { name, path: at.key("namespace").pointer() }),
        };
        match request.get("object") {
            Some(object) => self.object(object, &at.key("object"), context),
            // A DELETE carries no object: there is nothing to admit.
            None => self.push(holder, at, "admission.k8s.io", "AdmissionReview", context),
        }
    }

    fn name_of(&mut self, value: &'v Value<'v>, field: &'static str, at: &At<'_>) -> Option<&'v str> {
        let name = self.faults.string(value.get(field)?, &at.key(field))?;
        (!name.is_empty()).then_some(name)
    }

    fn missing(&mut self, value: &Value<'_>, field: &'static str, at: &At<'_>) {
        let path = at.key(field).pointer();
        // A value of the wrong type has already been told.
        if self.faults.errors.iter().any(|fault| fault.path == path) {
            return;
        }
        let mut fault = Fault::new(path, format!("`{field}` is missing: this is not a Kubernetes object"));
        let keys: Vec<&str> = match value {
            Value::Map(entries) => entries.iter().map(|(key, _)| key.as_ref()).collect(),
            _ => Vec::new(),
        };
        fault = match keys.iter().find(|key| nearest(key, [field]).is_some()) {
            Some(key) => fault.help(format!("did you mean `{field}` where it says `{key}`?")),
            None => fault.help("every manifest names its `apiVersion` and `kind`"),
        };
        self.faults.error(fault);
    }
}

fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}
