//! The part of an allowlist that the controller caches.

use std::borrow::Cow;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::runtime::reflector::Lookup;
use kube::runtime::watcher::Event;

use crate::object::{ALLOWLIST, Kind, Revision, digest, fingerprint, held};
use crate::plan::Held;

/// An allowlist of the cluster. Its metadata would take several times the memory, and its contents far more. The contents are
/// not needed: `metadata.generation` counts every change of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// `metadata.name`
    pub name: String,
    /// The version of its contents.
    pub revision: Revision,
    /// `metadata.resourceVersion`
    pub resource_version: Option<String>,
    /// The synchronizer that installed it, and the file.
    pub held: Held,
    /// The digest of that file.
    pub sha256: Option<String>,
    /// The hash of the metadata that we write.
    pub fingerprint: u64,
}

impl Seen {
    /// Returns the part of an allowlist that the controller caches.
    #[must_use]
    pub fn of(metadata: &ObjectMeta) -> Self {
        Seen {
            name: metadata.name.clone().unwrap_or_default(),
            revision: Revision::of(metadata),
            resource_version: metadata.resource_version.clone(),
            held: held(metadata),
            sha256: digest(metadata).map(str::to_owned),
            fingerprint: fingerprint(metadata),
        }
    }

    /// Returns the same event, with the cached part of each allowlist.
    pub(crate) fn event<K: kube::Resource>(event: &Event<K>) -> Event<Self> {
        match event {
            Event::Init => Event::Init,
            Event::InitDone => Event::InitDone,
            Event::InitApply(object) => Event::InitApply(Seen::of(object.meta())),
            Event::Apply(object) => Event::Apply(Seen::of(object.meta())),
            Event::Delete(object) => Event::Delete(Seen::of(object.meta())),
        }
    }
}

impl Lookup for Seen {
    type DynamicType = ();

    fn kind((): &()) -> Cow<'_, str> {
        ALLOWLIST.name.into()
    }

    fn group((): &()) -> Cow<'_, str> {
        Kind::GROUP.into()
    }

    fn version((): &()) -> Cow<'_, str> {
        Kind::VERSION.into()
    }

    fn plural((): &()) -> Cow<'_, str> {
        ALLOWLIST.plural.into()
    }

    fn name(&self) -> Option<Cow<'_, str>> {
        Some(self.name.as_str().into())
    }

    fn namespace(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// Stores do not need it in their keys.
    fn resource_version(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// Stores do not need it in their keys.
    fn uid(&self) -> Option<Cow<'_, str>> {
        None
    }
}
