//! Classifies a file's documents: allowlists, a constraint profile, and documents to evaluate.

use hallpass_document::{MAX_DEPTH, Value};
use hallpass_policy::{AllowlistSet, Manifest, Profile, Role, manifests};
use hallpass_reader::{Document, Limits, read_with_limits};

use crate::value::depth;

/// More documents make a run slow without finding more.
const DOCUMENTS: usize = 12;

/// The maximum number of nodes that aliases may add.
const ALIAS_NODES: usize = 200;

/// The documents that can be read.
pub(super) struct Input<'b>(Vec<Document<'b>>);

/// The documents by their role in the decision.
pub(super) struct Parts<'v> {
    /// Documents with allowlists: all are valid, and have unique names.
    pub(super) installed: Vec<&'v Value<'v>>,
    pub(super) profile: Profile,
    /// The document of the profile, unless it is the built-in one.
    pub(super) profile_document: Option<&'v Value<'v>>,
    pub(super) documents: Vec<&'v Value<'v>>,
}

impl<'b> Input<'b> {
    pub(super) fn read(bytes: &'b [u8]) -> Self {
        let mut limits = Limits::default();
        limits.alias_nodes = ALIAS_NODES;
        Input(read_with_limits(bytes, limits).flatten().take(DOCUMENTS).collect())
    }

    pub(super) fn parts(&self) -> Parts<'_> {
        let mut parts = Parts {
            installed: Vec::new(),
            profile: Profile::autopilot(),
            profile_document: None,
            documents: Vec::new(),
        };
        for root in self.0.iter().map(Document::root) {
            if let Ok(profile) = Profile::read(root) {
                parts.profile = profile;
                parts.profile_document = Some(root);
            } else if holds_allowlists(root) {
                parts.installed.push(root);
            } else {
                parts.documents.push(root);
            }
        }
        keep_valid(&mut parts.installed);
        parts
    }
}

/// Whether the document contains only allowlists, and a request to load it is not nested too deeply.
fn holds_allowlists<'v>(root: &'v Value<'v>) -> bool {
    let (found, faults) = manifests(root);
    let all = found.iter().all(|manifest| manifest.role() == Ok(Role::Allowlist));
    all && !found.is_empty() && faults.is_empty() && depth(root) + 2 <= MAX_DEPTH
}

/// Returns the allowlists in documents that contain nothing else.
pub(super) fn allowlists<'v>(installed: &[&'v Value<'v>]) -> Vec<Manifest<'v>> {
    installed.iter().flat_map(|root| manifests(root).0).collect()
}

/// Removes documents with an allowlist that is invalid or has a duplicate name: some hosts omit the allowlist, others
/// reject the whole request.
fn keep_valid(installed: &mut Vec<&Value<'_>>) {
    let (mut found, mut document_of) = (Vec::new(), Vec::new());
    for (document, root) in installed.iter().enumerate() {
        for manifest in manifests(root).0 {
            found.push(manifest);
            document_of.push(document);
        }
    }
    let load = AllowlistSet::load(&found);
    let invalid = load.invalid.iter().map(|(index, _)| *index);
    let duplicates = load.duplicates.iter().flat_map(|duplicate| [duplicate.manifest, duplicate.first]);
    let wrong: Vec<usize> =
        invalid.chain(duplicates).filter_map(|index| document_of.get(index).copied()).collect();
    let mut document = 0..;
    installed.retain(|_| document.next().is_some_and(|document| !wrong.contains(&document)));
}
