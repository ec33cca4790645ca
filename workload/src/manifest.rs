//! Finds the objects in a document: unwraps lists and admission reviews (rule W1).

mod unwrap;

use crate::kind::WorkloadKind;
use hallpass_document::{Diagnostic, Value, nearest};

pub use unwrap::manifests;

/// A Kubernetes object in a document.
#[derive(Clone, Debug)]
pub struct Manifest<'v> {
    /// JSON pointer to the object from the document's root; empty if it is the root.
    pub pointer: String,
    /// The API group: the part of `apiVersion` before the `/`; empty for the core group.
    pub group: &'v str,
    /// The `apiVersion` of the object or of its list; an admission request may contain only the group.
    pub api_version: Option<&'v str>,
    /// The object's kind.
    pub kind: &'v str,
    /// The object.
    pub value: &'v Value<'v>,
    /// The namespace of the admission request that contains the object.
    pub request_namespace: Option<Namespace<'v>>,
}

/// The namespace of a workload.
#[derive(Clone, Debug)]
pub struct Namespace<'v> {
    /// Its name.
    pub name: &'v str,
    /// JSON pointer to the namespace.
    pub path: String,
}

/// The kind and group of an allowlist, from the CRD.
pub const ALLOWLIST_KIND: &str = "WorkloadAllowlist";
/// The API group of allowlists.
pub const ALLOWLIST_GROUP: &str = "auto.gke.io";
/// The only `apiVersion` of allowlists.
pub const ALLOWLIST_VERSION: &str = "auto.gke.io/v1";

/// The kinds of wrappers.
const LIST: &str = "List";
pub(crate) const REVIEW: &str = "AdmissionReview";
const REVIEW_GROUP: &str = "admission.k8s.io";

/// The role of a manifest in the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A workload with a Pod template to evaluate.
    Workload(WorkloadKind),
    /// A `WorkloadAllowlist`.
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

    /// Returns an item of a list of `WorkloadAllowlist`s, whose kind the API server may omit. `None` if it has another
    /// kind.
    #[must_use]
    pub fn of_allowlist(value: &'v Value<'v>) -> Option<Self> {
        let is = |field, wanted| value.get(field).is_none_or(|found| found.as_str() == Some(wanted));
        (is("apiVersion", ALLOWLIST_VERSION) && is("kind", ALLOWLIST_KIND)).then(|| Manifest {
            pointer: String::new(),
            group: ALLOWLIST_GROUP,
            api_version: Some(ALLOWLIST_VERSION),
            kind: ALLOWLIST_KIND,
            value,
            request_namespace: None,
        })
    }

    /// Returns the role of the object.
    ///
    /// # Errors
    /// A known kind in the wrong group, or a kind that looks like a typo of a known one. If it were skipped, it would
    /// not be evaluated.
    pub fn role(&self) -> Result<Role, Diagnostic> {
        if self.kind == ALLOWLIST_KIND {
            // No cluster serves an allowlist with another version, so it must not count as installed.
            let served =
                self.group == ALLOWLIST_GROUP && self.api_version.is_none_or(|v| v == ALLOWLIST_VERSION);
            return if served { Ok(Role::Allowlist) } else { Err(self.unserved(ALLOWLIST_VERSION)) };
        }
        if let Some(kind) = WorkloadKind::named(self.kind) {
            if kind.group() == self.group {
                return Ok(Role::Workload(kind));
            }
            if is_builtin_group(self.group) {
                return Err(self.unserved(kind.api_version()));
            }
            return Ok(Role::Other);
        }
        if is_builtin_group(self.group) || self.group == ALLOWLIST_GROUP {
            let known =
                WorkloadKind::ALL.iter().map(|kind| kind.name()).chain([ALLOWLIST_KIND, LIST, REVIEW]);
            if let Some(meant) = nearest(self.kind, known) {
                let fault = Diagnostic::new(
                    format!("{}/kind", self.pointer),
                    format!("no kind is named `{}`", self.kind),
                );
                return Err(fault.did_you_mean(meant));
            }
        }
        Ok(Role::Other)
    }

    /// Whether this is an allowlist or was clearly intended as one, so that errors in it must be reported.
    #[must_use]
    pub fn is_meant_as_allowlist(&self) -> bool {
        self.group == ALLOWLIST_GROUP
            || self.kind == ALLOWLIST_KIND
            || nearest(self.kind, [ALLOWLIST_KIND]).is_some()
    }

    /// Returns the fault for an object with a group or version that no cluster serves.
    pub fn unserved(&self, right: &str) -> Diagnostic {
        let written = self.api_version.unwrap_or(self.group);
        let path = format!("{}/apiVersion", self.pointer);
        let message = match removed_in(written, self.kind) {
            Some(version) => format!(
                "the {} of `{written}` is no longer served: Kubernetes {version} removed it",
                self.kind
            ),
            None => format!("`{written}` has no kind `{}`", self.kind),
        };
        Diagnostic::new(path, message).help(format!("write `apiVersion: {right}`"))
    }
}

/// Returns the Kubernetes release that removed an API version of a kind (from its deprecation guide).
fn removed_in(api_version: &str, kind: &str) -> Option<&'static str> {
    match (api_version, kind) {
        ("apps/v1beta1", "Deployment" | "StatefulSet")
        | ("apps/v1beta2", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("extensions/v1beta1", "Deployment" | "DaemonSet" | "ReplicaSet") => Some("1.16"),
        ("batch/v2alpha1", "CronJob") => Some("1.21"),
        ("batch/v1beta1", "CronJob") => Some("1.25"),
        _ => None,
    }
}

/// Whether the group is a built-in one. Only custom resources have other groups.
fn is_builtin_group(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}

fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}
