//! The WorkloadAllowlists of the cluster: what a watch has shown, and what we have written since.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{
    Api, DeleteParams, DynamicObject, PartialObjectMeta, PartialObjectMetaExt as _, PostParams, Preconditions,
};
use kube::runtime::reflector::{ObjectRef, Store};
use kube::{Client, Resource as _};

use crate::claim::Claim;
use crate::contents::Contents;
use crate::location::Location;
use crate::object::{allowlist, allowlists, held, metadata, same_metadata};
use crate::plan::Held;

/// Only metadata is cached: contents would take a hundred times the memory. The API server counts every change of the
/// contents in `metadata.generation`.
pub type Cached = PartialObjectMeta<DynamicObject>;

/// How often a write is tried while others change the same object.
const ATTEMPTS: usize = 5;

/// The allowlists of a cluster.
pub struct Allowlists {
    api: Api<DynamicObject>,
    store: Store<Cached>,
    written: Mutex<HashMap<String, Written>>,
}

/// An allowlist as we wrote it last.
#[derive(Clone)]
struct Written {
    /// The name of its synchronizer.
    synchronizer: String,
    /// What the API server answered.
    metadata: ObjectMeta,
}

/// An allowlist that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// `metadata.generation`
    pub generation: Option<i64>,
    /// Whether it had to be written.
    pub changed: bool,
}

impl Allowlists {
    /// The allowlists that the store's watch shows.
    #[must_use]
    pub fn new(client: Client, store: Store<Cached>) -> Self {
        let api = Api::all_with(client, &allowlists());
        Allowlists { api, store, written: Mutex::default() }
    }

    /// Waits for the first list of the watch.
    pub async fn ready(&self) {
        // Fails only if the watch has ended, and then so has the controller.
        let _ = self.store.wait_until_ready().await;
    }

    /// Returns the allowlists that a synchronizer holds, and those with one of these names.
    #[must_use]
    pub fn relevant(&self, uid: &str, names: &BTreeSet<&str>) -> BTreeMap<String, Held> {
        let mut found = BTreeMap::new();
        for object in self.store.state() {
            let Some(name) = object.metadata.name.as_deref() else { continue };
            let held = self.holder(name, &object.metadata);
            if held.owner.as_deref() == Some(uid) || names.contains(name) {
                found.insert(name.to_owned(), held);
            }
        }
        found
    }

    /// Returns the allowlists that a synchronizer installed, with its UID.
    #[must_use]
    pub fn held(&self) -> Vec<(String, String)> {
        let objects = self.store.state();
        let held = |object: &Cached| {
            let name = object.metadata.name.clone()?;
            let owner = self.holder(&name, &object.metadata).owner?;
            Some((name, owner))
        };
        objects.iter().filter_map(|object| held(object)).collect()
    }

    /// Makes the allowlist of a file be in force, in place of what `may_replace` allows. Writes nothing if it is.
    ///
    /// # Errors
    /// Why it could not be written.
    pub async fn install(
        &self,
        claim: &Claim<'_>,
        file: &Location,
        contents: &Contents,
        may_replace: impl Fn(&Held) -> bool + Send + Sync,
    ) -> Result<InForce, String> {
        let wanted = metadata(claim, file, contents);
        let name = &contents.name;
        let mut found = self.cached(name);
        if let Some(found) = &found
            && self.is_unchanged(name, found, &wanted)
        {
            return Ok(InForce { generation: found.generation, changed: false });
        }
        let mut wanted = allowlist(wanted, contents)?;
        for _ in 0..ATTEMPTS {
            if found.as_ref().is_some_and(|found| !may_replace(&self.holder(name, found))) {
                return Err(format!("somebody else has created a WorkloadAllowlist `{name}`"));
            }
            wanted.metadata.resource_version =
                found.as_ref().and_then(|found| found.resource_version.clone());
            let answer = match &found {
                Some(_) => self.api.replace(name, &PostParams::default(), &wanted).await,
                None => self.api.create(&PostParams::default(), &wanted).await,
            };
            match answer {
                Ok(object) => {
                    let before = found.and_then(|found| found.resource_version);
                    let changed = before != object.metadata.resource_version;
                    let generation = object.metadata.generation;
                    self.remember(name, claim, object.metadata);
                    return Ok(InForce { generation, changed });
                }
                // The cache was behind, or somebody changed it meanwhile.
                Err(kube::Error::Api(status)) if [404, 409].contains(&status.code) => {
                    found = self.api.get_metadata_opt(name).await.map_err(shown)?.map(|found| found.metadata);
                }
                Err(error) => return Err(shown(error)),
            }
        }
        Err(format!("others keep changing the WorkloadAllowlist `{name}`"))
    }

    /// Uninstalls an allowlist, if a synchronizer with this UID still holds it.
    ///
    /// # Errors
    /// Why it could not be deleted.
    pub async fn uninstall(&self, name: &str, uid: &str) -> Result<(), String> {
        let Some(found) = self.api.get_metadata_opt(name).await.map_err(shown)? else {
            self.forget(name);
            return Ok(());
        };
        if self.holder(name, found.meta()).owner.as_deref() != Some(uid) {
            return Ok(());
        }
        let preconditions =
            Preconditions { uid: found.metadata.uid, resource_version: found.metadata.resource_version };
        self.forget(name);
        match self.api.delete(name, &DeleteParams::default().preconditions(preconditions)).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
            Err(error) => Err(shown(error)),
        }
    }

    /// Returns the synchronizer whose allowlist is no longer as we wrote it.
    #[must_use]
    pub fn disturbed(&self, name: &str) -> Option<String> {
        let written = self.lock().get(name)?.clone();
        let undisturbed = self.cached(name).is_some_and(|found| is_same(&found, &written.metadata));
        (!undisturbed).then_some(written.synchronizer)
    }

    /// Returns those that we wrote and the watch does not show, by their names alone.
    #[must_use]
    pub fn missing(&self) -> Vec<Cached> {
        let written: Vec<String> = self.lock().keys().cloned().collect();
        let missing = written.into_iter().filter(|name| self.cached(name).is_none());
        let named = |name| ObjectMeta { name: Some(name), ..ObjectMeta::default() };
        missing.map(|name| named(name).into_response_partial()).collect()
    }

    fn cached(&self, name: &str) -> Option<ObjectMeta> {
        let key = ObjectRef::new_with(name, allowlists());
        self.store.get(&key).map(|object| object.metadata.clone())
    }

    /// Who installed an allowlist, and from which file. What we wrote stays ours, whatever others make of its metadata:
    /// otherwise they could take it out of our sight, and change it at leisure.
    fn holder(&self, name: &str, found: &ObjectMeta) -> Held {
        match self.lock().get(name) {
            Some(written) if written.metadata.uid == found.uid => held(&written.metadata),
            _ => held(found),
        }
    }

    /// Whether an allowlist is as we wrote it, and as we would write it now.
    fn is_unchanged(&self, name: &str, found: &ObjectMeta, wanted: &ObjectMeta) -> bool {
        same_metadata(found, wanted)
            && self.lock().get(name).is_some_and(|written| is_same(found, &written.metadata))
    }

    fn remember(&self, name: &str, claim: &Claim<'_>, mut metadata: ObjectMeta) {
        metadata.managed_fields = None;
        self.lock().insert(name.to_owned(), Written { synchronizer: claim.name.to_owned(), metadata });
    }

    fn forget(&self, name: &str) {
        self.lock().remove(name);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Written>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nobody has changed an object.
fn is_same(found: &ObjectMeta, written: &ObjectMeta) -> bool {
    found.uid == written.uid && found.generation == written.generation && same_metadata(found, written)
}

/// An error of the API server, without the debug output of `kube::Error`.
#[must_use]
pub fn shown(error: kube::Error) -> String {
    match error {
        // The API server says no more if it does not know a kind.
        kube::Error::Api(status) if status.code == 404 && status.message.contains("page not found") => {
            "the cluster does not know the two kinds: `hallpass-controller crds | kubectl apply -f -` installs their CRDs"
                .to_owned()
        }
        kube::Error::Api(status) => format!("the API server refused it: {}", status.message),
        other => format!("the API server cannot be reached: {other}"),
    }
}
