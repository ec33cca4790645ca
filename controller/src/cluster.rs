//! The WorkloadAllowlists of the cluster: those that a watch has shown, and our own writes since.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, DeleteParams, DynamicObject, Preconditions};
use kube::runtime::reflector::{ObjectRef, Store};
use kube::runtime::watcher::Event;
use kube::{Client, Resource as _};
use parking_lot::Mutex;

use crate::candidates::Candidates;
use crate::claim::Claim;
use crate::contents::Contents;
use crate::location::Location;
use crate::object::{Revision, allowlist, allowlists, fingerprint, held, metadata};
use crate::plan::Held;
use crate::seen::Seen;
use crate::write::{ATTEMPTS, write};

/// The allowlists of a cluster.
pub struct Allowlists {
    client: Client,
    api: Api<DynamicObject>,
    store: Store<Seen>,
    written: Mutex<HashMap<String, Written>>,
    candidates: Mutex<Candidates>,
}

/// An allowlist as we wrote it last.
#[derive(Clone)]
struct Written {
    /// The name of its synchronizer.
    synchronizer: String,
    /// The synchronizer that installed it, and the file.
    held: Held,
    revision: Revision,
    /// The hash of the metadata that we write.
    fingerprint: u64,
}

/// An allowlist that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The version of its contents.
    pub revision: Revision,
    /// Whether it had to be written.
    pub changed: bool,
}

impl Allowlists {
    /// The allowlists that the store's watch shows.
    #[must_use]
    pub fn new(client: Client, store: Store<Seen>) -> Self {
        let api = Api::all_with(client.clone(), &allowlists());
        Allowlists { client, api, store, written: Mutex::default(), candidates: Mutex::default() }
    }

    /// Records an event of the watch. The store must get the event, too, and later.
    pub fn observe(&self, event: &Event<Seen>) {
        let is_written = |name: &str| self.written.lock().contains_key(name);
        self.candidates.lock().observe(event, is_written);
    }

    /// Waits for the first list of the watch.
    pub async fn ready(&self) {
        // Fails only if the watch has ended, and then so has the controller.
        let _ = self.store.wait_until_ready().await;
    }

    /// Returns the allowlists that a synchronizer holds.
    #[must_use]
    pub fn own(&self, uid: &str) -> BTreeMap<String, Held> {
        let candidates = self.candidates.lock().of(uid);
        let held = candidates.into_iter().filter_map(|name| self.holder(&name).map(|held| (name, held)));
        held.filter(|(_, held)| held.owner.as_deref() == Some(uid)).collect()
    }

    /// Returns the holder of the allowlist with this name, if it exists.
    #[must_use]
    pub fn holder(&self, name: &str) -> Option<Held> {
        let found = self.cached(name)?;
        Some(holder(self.written.lock().get(name), &found))
    }

    /// Whether an allowlist is in force as we wrote it, from a file with this digest.
    #[must_use]
    pub fn is_in_force(&self, name: &str, sha256: &str) -> bool {
        self.cached(name).is_some_and(|found| {
            found.sha256.as_deref() == Some(sha256)
                && self.written.lock().get(name).is_some_and(|written| written.is_same(&found))
        })
    }

    /// Returns the allowlists that synchronizers installed, each with the UID of its synchronizer.
    #[must_use]
    pub fn held(&self) -> Vec<(String, String)> {
        let objects = self.store.state();
        let held = |found: &Seen| {
            let owner = holder(self.written.lock().get(&found.name), found).owner?;
            Some((found.name.clone(), owner))
        };
        objects.iter().filter_map(|object| held(object)).collect()
    }

    /// Installs the allowlist of a file. It replaces only an allowlist that `may_replace` accepts, and writes nothing if the
    /// allowlist is in force already.
    ///
    /// # Errors
    /// The reason why it could not be written.
    pub async fn install(
        &self,
        claim: &Claim<'_>,
        file: &Location,
        contents: &Contents,
        may_replace: impl Fn(&Held) -> bool + Send + Sync,
    ) -> Result<InForce, String> {
        let name = &contents.name;
        let mut found = self.cached(name);
        let Some(body) = &contents.body else {
            return match found.filter(|_| self.is_in_force(name, &contents.sha256)) {
                Some(found) => Ok(InForce { revision: found.revision.clone(), changed: false }),
                None => Err(format!("the WorkloadAllowlist `{name}` has just changed")),
            };
        };
        let wanted = metadata(claim, file, contents, body);
        if let Some(found) = &found
            && self.is_unchanged(name, found, &wanted)
        {
            return Ok(InForce { revision: found.revision.clone(), changed: false });
        }
        let mut wanted = allowlist(wanted, body)?;
        for _ in 0..ATTEMPTS {
            if found.as_ref().is_some_and(|found| !may_replace(&holder(self.written.lock().get(name), found)))
            {
                return Err(format!("another user or program has created a WorkloadAllowlist `{name}`"));
            }
            wanted.metadata.resource_version =
                found.as_deref().and_then(|found| found.resource_version.clone());
            let replaced = found.as_ref().map(|_| name.as_str());
            match write(&self.client, &self.api, replaced, &wanted).await {
                // This write removed the finalizers, so an allowlist that was being deleted is gone now.
                Ok(object) if object.metadata.deletion_timestamp.is_some() => found = None,
                Ok(object) => {
                    let before = found.and_then(|found| found.resource_version.clone());
                    let changed = before != object.metadata.resource_version;
                    self.remember(name, claim, &object.metadata);
                    return Ok(InForce { revision: Revision::of(&object.metadata), changed });
                }
                // The cache was behind, or another program changed it meanwhile.
                Err(kube::Error::Api(status)) if [404, 409].contains(&status.code) => {
                    let current = self.api.get_metadata_opt(name).await.map_err(shown)?;
                    found = current.map(|current| Arc::new(Seen::of(&current.metadata)));
                }
                Err(error) => return Err(shown(error)),
            }
        }
        Err(format!("other programs keep changing the WorkloadAllowlist `{name}`"))
    }

    /// Uninstalls an allowlist, if a synchronizer with this UID still holds it.
    ///
    /// # Errors
    /// The reason why it could not be deleted.
    pub async fn uninstall(&self, name: &str, uid: &str) -> Result<(), String> {
        let Some(found) = self.api.get_metadata_opt(name).await.map_err(shown)? else {
            self.forget(name);
            return Ok(());
        };
        if holder(self.written.lock().get(name), &Seen::of(found.meta())).owner.as_deref() != Some(uid) {
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

    /// Returns the synchronizer for which we wrote an allowlist last.
    #[must_use]
    pub fn installer(&self, name: &str) -> Option<String> {
        self.written.lock().get(name).map(|written| written.synchronizer.clone())
    }

    /// Returns the synchronizer of an allowlist that is no longer as we wrote it.
    #[must_use]
    pub fn disturbed(&self, name: &str) -> Option<String> {
        let written = self.written.lock().get(name)?.clone();
        let undisturbed = self.cached(name).is_some_and(|found| written.is_same(&found));
        (!undisturbed).then_some(written.synchronizer)
    }

    /// Returns the names of the allowlists that we wrote and the watch does not show.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let written: Vec<String> = self.written.lock().keys().cloned().collect();
        written.into_iter().filter(|name| self.cached(name).is_none()).collect()
    }

    fn cached(&self, name: &str) -> Option<Arc<Seen>> {
        self.store.get(&ObjectRef::new(name))
    }

    /// Whether an allowlist is as we wrote it, and as we would write it now.
    fn is_unchanged(&self, name: &str, found: &Seen, wanted: &ObjectMeta) -> bool {
        found.fingerprint == fingerprint(wanted)
            && self.written.lock().get(name).is_some_and(|written| written.is_same(found))
    }

    fn remember(&self, name: &str, claim: &Claim<'_>, metadata: &ObjectMeta) {
        let held = held(metadata);
        let owner = held.owner.clone();
        let written = Written {
            synchronizer: claim.name.to_owned(),
            held,
            revision: Revision::of(metadata),
            fingerprint: fingerprint(metadata),
        };
        self.written.lock().insert(name.to_owned(), written);
        if let Some(owner) = owner {
            self.candidates.lock().add(&owner, name);
        }
    }

    /// Forgets deleted allowlists of dead synchronizers.
    pub fn forget_dead(&self, is_live: impl Fn(&str) -> bool) {
        let is_there = |name: &str| self.cached(name).is_some();
        self.written
            .lock()
            .retain(|name, written| written.held.owner.as_deref().is_some_and(&is_live) || is_there(name));
        self.candidates.lock().forget_dead(&is_live, is_there);
    }

    fn forget(&self, name: &str) {
        self.written.lock().remove(name);
    }
}

impl Written {
    /// Whether the allowlist is unchanged.
    fn is_same(&self, found: &Seen) -> bool {
        found.revision == self.revision && found.fingerprint == self.fingerprint
    }
}

/// Returns the synchronizer that installed an allowlist, and the file. An allowlist that we wrote stays ours, even if its
/// metadata changes: otherwise a user could remove the metadata, and then change the allowlist without being noticed.
fn holder(written: Option<&Written>, found: &Seen) -> Held {
    match written {
        Some(written) if written.revision.uid == found.revision.uid => written.held.clone(),
        _ => found.held.clone(),
    }
}

/// Returns the message of an error of the API server, without the debug output of `kube::Error`.
#[must_use]
pub fn shown(error: kube::Error) -> String {
    match error {
        // This is all that the API server says if it does not know a kind.
        kube::Error::Api(status) if status.code == 404 && status.message.contains("page not found") => {
            "the cluster does not know the two kinds: `hallpass-controller crds | kubectl apply -f -` installs their CRDs"
                .to_owned()
        }
        kube::Error::Api(status) => format!("the API server refused it: {}", status.message),
        other => format!("the API server cannot be reached: {other}"),
    }
}
