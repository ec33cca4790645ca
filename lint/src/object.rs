//! The objects that rules check.

use hallpass_document::Value;
use hallpass_policy::{Manifest, Role, manifests};
use hallpass_reader::Document;

use crate::finding::Place;

/// A file with its documents.
#[derive(Debug)]
pub struct Source<'s> {
    /// The name.
    pub file: &'s str,
    /// The contents.
    pub bytes: &'s [u8],
    /// The documents that could be read.
    pub documents: Vec<Document<'s>>,
}

/// The kinds that rules check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `WorkloadAllowlist`
    Allowlist,
    /// `AllowlistSynchronizer`
    Synchronizer,
}

impl Kind {
    pub(crate) fn is_synchronizer(manifest: &Manifest<'_>) -> bool {
        manifest.kind == "AllowlistSynchronizer"
    }
}

/// Returns the number of objects in a document that rules check, or would check without a fault in their kind.
#[must_use]
pub fn objects(root: &Value<'_>) -> usize {
    let is_checked = |manifest: &Manifest<'_>| match manifest.role() {
        Ok(Role::Allowlist) => true,
        Ok(_) => Kind::is_synchronizer(manifest),
        Err(_) => manifest.is_meant_as_allowlist(),
    };
    manifests(root).0.iter().filter(|manifest| is_checked(manifest)).count()
}

/// An object to check.
#[derive(Debug)]
pub struct Object<'s> {
    /// The object.
    pub manifest: Manifest<'s>,
    /// Its kind.
    pub kind: Kind,
    /// Where it is.
    pub place: Place,
}

impl<'s> Object<'s> {
    /// Returns the value at a pointer from the object.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&'s Value<'s>> {
        let mut steps = pointer.split('/').skip(1);
        steps.try_fold(self.manifest.value, |value, step| match value {
            Value::List(items) => items.get(step.parse::<usize>().ok()?),
            other => other.get(step),
        })
    }

    /// Returns the items of the list at a pointer from the object, with their pointers.
    pub fn items(&self, pointer: &str) -> impl Iterator<Item = (String, &'s Value<'s>)> {
        let items = match self.get(pointer) {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        items
            .iter()
            .enumerate()
            .map(move |(index, item)| (format!("{pointer}/{index}"), item))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Returns the entries of both lists of containers, with their pointers.
    pub fn containers(&self) -> impl Iterator<Item = (String, &'s Value<'s>)> {
        ["containers", "initContainers"]
            .into_iter()
            .flat_map(|list| self.items(&format!("/matchingCriteria/{list}")).collect::<Vec<_>>())
    }
}
