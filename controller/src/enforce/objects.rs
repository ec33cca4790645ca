//! The policies and bindings of the cluster: those that watches have shown, and our own writes since.

use std::collections::{BTreeSet, HashMap};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Client;
use kube::api::{Api, DeleteParams, DynamicObject, ListParams, PartialObjectMeta, Preconditions};
use kube::runtime::reflector::{ObjectRef, Store};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::kind::Kind;
use super::plan::Existing;
use super::spec::is_spec;
use crate::cluster::shown;
use crate::contents::sha256;
use crate::object::{DIGEST, Revision, fingerprint};
use crate::write::{ATTEMPTS, write};

/// A cached policy or binding: only its metadata.
pub type Cached = PartialObjectMeta<DynamicObject>;

/// The label of our objects. The controller never touches others.
pub const LABEL: &str = "hallpass.dev/enforcement";

/// Its value.
const CEL: &str = "cel";

/// The reason why an object could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A retry would not help: another program has an object of this name, or the API server refuses the contents.
    Refused(String),
    /// Any other error, which may pass.
    Failed(String),
}

/// The objects of both kinds.
pub(super) struct Objects {
    policies: OfKind,
    bindings: OfKind,
    is_read: OnceCell<()>,
}

struct OfKind {
    kind: Kind,
    client: Client,
    api: Api<DynamicObject>,
    store: Store<Cached>,
    written: Mutex<HashMap<String, Written>>,
}

/// An object as we wrote it last.
struct Written {
    revision: Revision,
    /// The hash of its metadata.
    fingerprint: u64,
}

impl Objects {
    /// The objects that the watches of the stores show.
    pub(super) fn new(client: &Client, policies: Store<Cached>, bindings: Store<Cached>) -> Self {
        let of_kind = |kind: Kind, store| OfKind {
            kind,
            client: client.clone(),
            api: Api::all_with(client.clone(), &kind.resource()),
            store,
            written: Mutex::default(),
        };
        Objects {
            policies: of_kind(Kind::Policy, policies),
            bindings: of_kind(Kind::Binding, bindings),
            is_read: OnceCell::new(),
        }
    }

    /// Waits until both kinds have been read.
    ///
    /// # Errors
    /// The reason why they cannot be read: a watch would only try again.
    pub(super) async fn ready(&self) -> Result<(), String> {
        let read = async || {
            for of_kind in [&self.policies, &self.bindings] {
                of_kind.check().await?;
            }
            for of_kind in [&self.policies, &self.bindings] {
                // Fails only if the watch has ended, and then so has the controller.
                let _ = of_kind.store.wait_until_ready().await;
            }
            Ok(())
        };
        self.is_read.get_or_try_init(read).await.copied()
    }

    /// Returns the names of our objects.
    pub(super) fn existing(&self) -> Existing {
        Existing { policies: self.policies.own(), bindings: self.bindings.own() }
    }

    /// Whether our objects are as we wrote them, and no others of ours exist.
    pub(super) fn are_undisturbed(&self) -> bool {
        [&self.policies, &self.bindings].iter().all(|of_kind| of_kind.is_undisturbed())
    }

    /// Creates or replaces an object. Returns whether it had to be written.
    pub(super) async fn put(&self, kind: Kind, object: &Value) -> Result<bool, Fault> {
        self.of(kind).put(object).await
    }

    /// Deletes an object of ours. Returns whether it existed.
    pub(super) async fn delete(&self, kind: Kind, name: &str) -> Result<bool, Fault> {
        self.of(kind).delete(name).await
    }

    /// Returns a policy of ours, unless it has been changed since we wrote it.
    ///
    /// # Errors
    /// The API server does not answer.
    pub(super) async fn policy(&self, name: &str) -> Result<Option<DynamicObject>, String> {
        let found = self.policies.api.get_opt(name).await.map_err(shown)?;
        let written = self.policies.written.lock();
        Ok(found.filter(|found| match written.get(name) {
            Some(written) => written.is_same(&found.metadata),
            None => is_labeled(&found.metadata),
        }))
    }

    fn of(&self, kind: Kind) -> &OfKind {
        match kind {
            Kind::Policy => &self.policies,
            Kind::Binding => &self.bindings,
        }
    }
}

impl OfKind {
    /// Checks that the kind can be read.
    async fn check(&self) -> Result<(), String> {
        match self.api.list_metadata(&ListParams::default().limit(1)).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 404 => Err(format!(
                "the cluster has no kind {}: `--enforce cel` needs Kubernetes 1.30 or later",
                self.kind.resource().kind
            )),
            Err(error) => Err(shown(error)),
        }
    }

    fn own(&self) -> BTreeSet<String> {
        let state = self.store.state();
        let written = self.written.lock();
        let shown = state.iter().filter_map(|object| {
            let name = object.metadata.name.clone()?;
            is_own(written.get(&name), &object.metadata).then_some(name)
        });
        // The watch may be behind.
        shown.chain(written.keys().cloned()).collect()
    }

    fn is_undisturbed(&self) -> bool {
        let state = self.store.state();
        let written = self.written.lock();
        let is_known = |found: &ObjectMeta| {
            found.name.as_ref().is_none_or(|name| !is_labeled(found) || written.contains_key(name))
        };
        written.iter().all(|(name, written)| self.cached(name).is_some_and(|found| written.is_same(&found)))
            && state.iter().all(|object| is_known(&object.metadata))
    }

    async fn put(&self, wanted: &Value) -> Result<bool, Fault> {
        let mut wanted = marked(wanted)?;
        let name = wanted.metadata.name.clone().unwrap_or_default();
        let mut found = self.cached(&name);
        if let Some(found) = &found
            && (self.is_unchanged(&name, found, &wanted.metadata)
                || self.adopts(&name, found, &wanted).await?)
        {
            return Ok(false);
        }
        for _ in 0..ATTEMPTS {
            if found.as_ref().is_some_and(|found| !is_own(self.written.lock().get(&name), found)) {
                return Err(Fault::Refused(format!(
                    "hallpass did not create the {} `{name}`: delete or rename it",
                    self.kind.resource().kind
                )));
            }
            wanted.metadata.resource_version =
                found.as_ref().and_then(|found| found.resource_version.clone());
            match write(&self.client, &self.api, found.as_ref().map(|_| &*name), &wanted).await {
                // This write removed the finalizers, so an object that was being deleted is gone now.
                Ok(object) if object.metadata.deletion_timestamp.is_some() => found = None,
                Ok(object) => {
                    let before = found.and_then(|found| found.resource_version);
                    let changed = before != object.metadata.resource_version;
                    self.remember(name, &object.metadata);
                    return Ok(changed);
                }
                // The cache was behind, or another program changed it meanwhile.
                Err(kube::Error::Api(status)) if [404, 409].contains(&status.code) => {
                    found = self.metadata(&name).await?;
                }
                // The contents: too large, too costly, or invalid.
                Err(kube::Error::Api(status)) if [400, 413, 422].contains(&status.code) => {
                    return Err(Fault::Refused(format!("the API server refused it: {}", status.message)));
                }
                Err(error) => return Err(Fault::Failed(shown(error))),
            }
        }
        Err(Fault::Failed(format!("other programs keep changing the {} `{name}`", self.kind.resource().kind)))
    }

    /// Whether another replica or an earlier process has written the object as we would: then we remember it as ours. Writing
    /// it again would cost the API server more, because it compiles every policy that it gets.
    async fn adopts(&self, name: &str, found: &ObjectMeta, wanted: &DynamicObject) -> Result<bool, Fault> {
        if self.written.lock().contains_key(name) || fingerprint(found) != fingerprint(&wanted.metadata) {
            return Ok(false);
        }
        let found = self.api.get_opt(name).await.map_err(|error| Fault::Failed(shown(error)))?;
        let is_same = |found: &DynamicObject| {
            fingerprint(&found.metadata) == fingerprint(&wanted.metadata)
                && found
                    .data
                    .get("spec")
                    .zip(wanted.data.get("spec"))
                    .is_some_and(|(found, wanted)| is_spec(found, wanted))
        };
        let Some(found) = found.filter(is_same) else { return Ok(false) };
        self.remember(name.to_owned(), &found.metadata);
        Ok(true)
    }

    fn remember(&self, name: String, metadata: &ObjectMeta) {
        let written = Written { revision: Revision::of(metadata), fingerprint: fingerprint(metadata) };
        self.written.lock().insert(name, written);
    }

    async fn delete(&self, name: &str) -> Result<bool, Fault> {
        let Some(found) = self.metadata(name).await? else {
            self.written.lock().remove(name);
            return Ok(false);
        };
        if !is_own(self.written.lock().get(name), &found) {
            // Another program has its name now.
            self.written.lock().remove(name);
            return Ok(false);
        }
        let preconditions = Preconditions { uid: found.uid, resource_version: found.resource_version };
        match self.api.delete(name, &DeleteParams::default().preconditions(preconditions)).await {
            Ok(_) => {}
            Err(kube::Error::Api(status)) if status.code == 404 => {}
            Err(error) => return Err(Fault::Failed(shown(error))),
        }
        self.written.lock().remove(name);
        Ok(true)
    }

    async fn metadata(&self, name: &str) -> Result<Option<ObjectMeta>, Fault> {
        let found = self.api.get_metadata_opt(name).await.map_err(|error| Fault::Failed(shown(error)))?;
        Ok(found.map(|found| found.metadata))
    }

    fn cached(&self, name: &str) -> Option<ObjectMeta> {
        let key = ObjectRef::new_with(name, self.kind.resource());
        self.store.get(&key).map(|object| object.metadata.clone())
    }

    /// Whether an object is as we wrote it, and as we would write it now. An annotation has the digest of its contents.
    fn is_unchanged(&self, name: &str, found: &ObjectMeta, wanted: &ObjectMeta) -> bool {
        fingerprint(found) == fingerprint(wanted)
            && self.written.lock().get(name).is_some_and(|written| written.is_same(found))
    }
}

impl Written {
    /// Whether the object is unchanged.
    fn is_same(&self, found: &ObjectMeta) -> bool {
        Revision::of(found) == self.revision && fingerprint(found) == self.fingerprint
    }
}

/// Whether an object is ours. An object that we wrote stays ours without its label.
fn is_own(written: Option<&Written>, found: &ObjectMeta) -> bool {
    is_labeled(found) || written.is_some_and(|written| written.revision.uid == found.uid)
}

fn is_labeled(found: &ObjectMeta) -> bool {
    found.labels.as_ref().is_some_and(|labels| labels.contains_key(LABEL))
}

/// Adds the label and the annotation of our objects.
fn marked(object: &Value) -> Result<DynamicObject, Fault> {
    let unusable = |error: serde_json::Error| Fault::Refused(format!("the object cannot be sent: {error}"));
    let digest = sha256(&serde_json::to_vec(&object.get("spec")).map_err(unusable)?);
    let mut object: DynamicObject = serde_json::from_value(object.clone()).map_err(unusable)?;
    object.metadata.labels.get_or_insert_default().insert(LABEL.to_owned(), CEL.to_owned());
    object.metadata.annotations.get_or_insert_default().insert(DIGEST.to_owned(), digest);
    Ok(object)
}
