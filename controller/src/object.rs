//! The WorkloadAllowlist objects that the controller writes.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use hallpass_renderer::status::FILE_ANNOTATION;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use kube::api::{ApiResource, DynamicObject, GroupVersionKind};
use serde_json::{Map, Value};

use crate::claim::Claim;
use crate::contents::{Body, Contents};
use crate::location::Location;
use crate::plan::Held;

/// The prefix of the labels and annotations that mark our objects.
pub const RESERVED: &str = "hallpass.dev/";

/// The label with the UID of the synchronizer that installed an allowlist.
pub const OWNER: &str = "hallpass.dev/synchronizer-uid";

/// The annotation with the SHA-256 digest of the contents.
pub(crate) const DIGEST: &str = "hallpass.dev/sha256";

/// A kind of the API group `auto.gke.io`, in version `v1`.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) plural: &'static str,
}

const SYNCHRONIZER: Kind = Kind { name: "AllowlistSynchronizer", plural: "allowlistsynchronizers" };

pub(crate) const ALLOWLIST: Kind = Kind { name: "WorkloadAllowlist", plural: "workloadallowlists" };

impl Kind {
    pub(crate) const GROUP: &str = "auto.gke.io";

    pub(crate) const VERSION: &str = "v1";

    fn resource(&self) -> ApiResource {
        let kind = GroupVersionKind::gvk(Self::GROUP, Self::VERSION, self.name);
        ApiResource::from_gvk_with_plural(&kind, self.plural)
    }
}

/// The kind of synchronizers.
#[must_use]
pub fn synchronizers() -> ApiResource {
    SYNCHRONIZER.resource()
}

/// The kind of allowlists.
#[must_use]
pub fn allowlists() -> ApiResource {
    ALLOWLIST.resource()
}

/// Returns the metadata of the allowlist in a file: that of the file, and the keys that mark it as ours.
#[must_use]
pub fn metadata(claim: &Claim<'_>, file: &Location, contents: &Contents, body: &Body) -> ObjectMeta {
    let kind = synchronizers();
    let mut labels = texts(&body.labels);
    labels.insert(OWNER.to_owned(), claim.uid.to_owned());
    let mut annotations = texts(&body.annotations);
    annotations.insert(FILE_ANNOTATION.to_owned(), file.to_string());
    annotations.insert(DIGEST.to_owned(), contents.sha256.clone());
    ObjectMeta {
        name: Some(contents.name.clone()),
        labels: Some(labels),
        annotations: Some(annotations),
        owner_references: Some(vec![OwnerReference {
            api_version: kind.api_version,
            kind: kind.kind,
            name: claim.name.to_owned(),
            uid: claim.uid.to_owned(),
            controller: Some(true),
            ..OwnerReference::default()
        }]),
        ..ObjectMeta::default()
    }
}

/// Builds an allowlist. It has no field that the file does not have.
///
/// # Errors
/// The fields are nested too deeply.
pub fn allowlist(metadata: ObjectMeta, body: &Body) -> Result<DynamicObject, String> {
    let mut object = DynamicObject::new("", &allowlists());
    object.metadata = metadata;
    object.data = serde_json::from_str(&body.fields)
        .map_err(|error| format!("the contents cannot be sent: {error}"))?;
    Ok(object)
}

fn texts(fields: &Map<String, Value>) -> BTreeMap<String, String> {
    fields.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// Returns the UID of the synchronizer that installed an allowlist: from the label, or else from the owner reference. A user may
/// remove the label, and the garbage collector the reference.
#[must_use]
pub fn owner(metadata: &ObjectMeta) -> Option<&str> {
    let is_ours = |owner: &&OwnerReference| owner.kind == SYNCHRONIZER.name && owner.controller == Some(true);
    let referenced = || metadata.owner_references.iter().flatten().find(is_ours).map(|owner| &*owner.uid);
    text(&metadata.labels, OWNER).or_else(referenced)
}

/// Returns the synchronizer that installed an allowlist, and the file.
#[must_use]
pub fn held(metadata: &ObjectMeta) -> Held {
    let owned = |text: &str| text.to_owned();
    Held { owner: owner(metadata).map(owned), file: text(&metadata.annotations, FILE_ANNOTATION).map(owned) }
}

/// Returns the digest of the file from which an allowlist was installed.
#[must_use]
pub fn digest(metadata: &ObjectMeta) -> Option<&str> {
    text(&metadata.annotations, DIGEST)
}

/// A version of an object's contents. The API server counts the changes of the contents in `metadata.generation`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// `metadata.uid`
    pub uid: Option<String>,
    /// `metadata.generation`
    pub generation: Option<i64>,
}

impl Revision {
    /// Returns the version of an object.
    #[must_use]
    pub fn of(metadata: &ObjectMeta) -> Self {
        Revision { uid: metadata.uid.clone(), generation: metadata.generation }
    }
}

fn text<'m>(texts: &'m Option<BTreeMap<String, String>>, key: &str) -> Option<&'m str> {
    texts.as_ref()?.get(key).map(String::as_str)
}

/// Returns a hash of all metadata that we write.
#[must_use]
pub fn fingerprint(metadata: &ObjectMeta) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&metadata.labels, &metadata.annotations).hash(&mut hasher);
    for owner in metadata.owner_references.iter().flatten() {
        (&owner.api_version, &owner.kind, &owner.name, &owner.uid).hash(&mut hasher);
        (owner.controller, owner.block_owner_deletion).hash(&mut hasher);
    }
    metadata.finalizers.iter().flatten().for_each(|finalizer| finalizer.hash(&mut hasher));
    hasher.finish()
}
