//! The WorkloadAllowlist objects that the controller writes.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use kube::api::{ApiResource, DynamicObject, GroupVersionKind};
use serde_json::{Map, Value};

use crate::claim::Claim;
use crate::contents::Contents;
use crate::location::Location;
use crate::plan::Held;

/// The prefix of the labels and annotations that mark our objects.
pub const RESERVED: &str = "hallpass.dev/";

/// The label with the UID of the synchronizer that installed an allowlist.
pub const OWNER: &str = "hallpass.dev/synchronizer-uid";

/// The annotation with the file of an allowlist.
const FILE: &str = "hallpass.dev/file";

/// The annotation with the SHA-256 digest of that file.
const DIGEST: &str = "hallpass.dev/sha256";

/// The kind of synchronizers.
#[must_use]
pub fn synchronizers() -> ApiResource {
    let kind = GroupVersionKind::gvk("auto.gke.io", "v1", "AllowlistSynchronizer");
    ApiResource::from_gvk_with_plural(&kind, "allowlistsynchronizers")
}

/// The kind of allowlists.
#[must_use]
pub fn allowlists() -> ApiResource {
    let kind = GroupVersionKind::gvk("auto.gke.io", "v1", "WorkloadAllowlist");
    ApiResource::from_gvk_with_plural(&kind, "workloadallowlists")
}

/// The metadata of the allowlist of a file: what the file says, and what marks it as ours.
#[must_use]
pub fn metadata(claim: &Claim<'_>, file: &Location, contents: &Contents) -> ObjectMeta {
    let kind = synchronizers();
    let mut labels = texts(&contents.labels);
    labels.insert(OWNER.to_owned(), claim.uid.to_owned());
    let mut annotations = texts(&contents.annotations);
    annotations.insert(FILE.to_owned(), file.to_string());
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
pub fn allowlist(metadata: ObjectMeta, contents: &Contents) -> Result<DynamicObject, String> {
    let mut object = DynamicObject::new(&contents.name, &allowlists());
    object.metadata = metadata;
    object.data = serde_json::from_str(&contents.fields)
        .map_err(|error| format!("the contents cannot be sent: {error}"))?;
    Ok(object)
}

fn texts(fields: &Map<String, Value>) -> BTreeMap<String, String> {
    fields.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// Who installed an allowlist, and from which file. The owner reference counts if somebody has removed the label; the
/// label, if the garbage collector has removed the reference.
#[must_use]
pub fn held(metadata: &ObjectMeta) -> Held {
    let text = |texts: &Option<BTreeMap<String, String>>, key| texts.as_ref()?.get(key).cloned();
    let referenced = || {
        let kind = synchronizers().kind;
        let mut references = metadata.owner_references.iter().flatten();
        references
            .find(|owner| owner.kind == kind && owner.controller == Some(true))
            .map(|owner| owner.uid.clone())
    };
    Held { owner: text(&metadata.labels, OWNER).or_else(referenced), file: text(&metadata.annotations, FILE) }
}

/// Whether everything in the metadata that we write is as we would write it.
#[must_use]
pub fn same_metadata(found: &ObjectMeta, wanted: &ObjectMeta) -> bool {
    let finalizers = |metadata: &ObjectMeta| metadata.finalizers.clone().unwrap_or_default();
    found.labels == wanted.labels
        && found.annotations == wanted.annotations
        && found.owner_references == wanted.owner_references
        && finalizers(found) == finalizers(wanted)
}
