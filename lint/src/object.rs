//! The objects that rules check.

use hallpass_document::{Code, Diagnostic, Value, nearest};
use hallpass_policy::{Manifest, Role, manifests};
use hallpass_reader::Document;
use hallpass_workload::ALLOWLIST_VERSION;

use crate::finding::Place;
use crate::texts::{Answers, Text, texts};

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

/// Returns the number of objects in a document that rules check, or would check without an error in their kind.
#[must_use]
pub fn objects(root: &Value<'_>) -> usize {
    manifests(root).0.iter().filter(|manifest| !matches!(kind_of(manifest), Ok(None))).count()
}

/// The kinds that rules check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `WorkloadAllowlist`
    Allowlist,
    /// `AllowlistSynchronizer`
    Synchronizer,
}

const SYNCHRONIZER: &str = "AllowlistSynchronizer";

/// Returns the kind of an object. `None` for other kinds.
///
/// # Errors
/// No cluster serves the kind or the `apiVersion`.
pub(crate) fn kind_of(manifest: &Manifest<'_>) -> Result<Option<Kind>, Diagnostic> {
    if manifest.kind == SYNCHRONIZER {
        let is_served = manifest.api_version.is_none_or(|version| version == ALLOWLIST_VERSION);
        return if is_served {
            Ok(Some(Kind::Synchronizer))
        } else {
            Err(manifest.unserved(ALLOWLIST_VERSION).code(Code::ApiVersion))
        };
    }
    match manifest.role() {
        Ok(Role::Allowlist) => Ok(Some(Kind::Allowlist)),
        Err(fault) if manifest.is_meant_as_allowlist() => Err(fault.code(Code::ApiVersion)),
        Ok(Role::Other) if nearest(manifest.kind, [SYNCHRONIZER]).is_some() => {
            let path = format!("{}/kind", manifest.pointer);
            let fault = Diagnostic::new(path, format!("no kind is named `{}`", manifest.kind));
            Err(fault.code(Code::ApiVersion).did_you_mean(SYNCHRONIZER))
        }
        _ => Ok(None),
    }
}

/// An object to check.
#[derive(Debug)]
pub struct Object<'s> {
    /// The object.
    pub manifest: Manifest<'s>,
    /// Its kind.
    pub kind: Kind,
    /// Its document.
    pub document: &'s Document<'s>,
    /// Its place.
    pub place: Place,
    texts: Vec<Text<'s>>,
}

impl<'s> Object<'s> {
    pub(crate) fn new(
        manifest: Manifest<'s>,
        kind: Kind,
        document: &'s Document<'s>,
        place: &Place,
        answers: &Answers<'s>,
    ) -> Self {
        let place = Place { pointer: manifest.pointer.clone(), ..place.clone() };
        let mut object = Object { manifest, kind, document, place, texts: Vec::new() };
        object.texts = texts(&object, answers);
        object
    }

    /// Returns the value at a pointer from the object. Null is the same as absent.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&'s Value<'s>> {
        self.document.get(&format!("{}{pointer}", self.manifest.pointer)).filter(|value| !value.is_null())
    }

    /// Returns the string at a pointer from the object.
    #[must_use]
    pub fn text(&self, pointer: &str) -> Option<&'s str> {
        self.get(pointer)?.as_str()
    }

    /// Returns the list at a pointer from the object; an absent list is empty.
    #[must_use]
    pub fn list(&self, pointer: &str) -> &'s [Value<'s>] {
        match self.get(pointer) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// Returns the items of the list at a pointer from the object, with their pointers.
    pub fn items(&self, pointer: &str) -> impl Iterator<Item = (String, &'s Value<'s>)> + use<'s> {
        let list = pointer.to_owned();
        self.list(pointer).iter().enumerate().map(move |(index, item)| (format!("{list}/{index}"), item))
    }

    /// Returns the strings of the list at a pointer from the object, with their pointers.
    pub fn strings(&self, pointer: &str) -> impl Iterator<Item = (String, &'s str)> + use<'s> {
        self.items(pointer).filter_map(|(pointer, item)| Some((pointer, item.as_str()?)))
    }

    /// Returns the entries of both lists of containers, with their pointers.
    pub fn containers(&self) -> impl Iterator<Item = (String, &'s Value<'s>)> + use<'s> {
        let init = self.items("/matchingCriteria/initContainers");
        self.items("/matchingCriteria/containers").chain(init)
    }

    /// Returns the texts of an allowlist that may be patterns.
    #[must_use]
    pub fn texts(&self) -> &[Text<'s>] {
        &self.texts
    }
}
