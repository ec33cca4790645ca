//! The references to images that a workload needs if its images are copied to another registry.
//!
//! GKE admits a mirrored image by its digest, whatever the registry (rule M5). So every reference keeps its digest, and
//! loses a tag that has no effect next to a digest.

mod pin;
mod registry;
mod repository;
mod rewrite;
mod skipped;
mod unlisted;

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, Value, sha256_to_hex};
use hallpass_policy::{AllowlistSet, Role, Workload, manifests};
use hallpass_workload::Container;

use pin::pin;
pub use registry::{Registry, RegistryError};
pub use repository::Repository;
pub use rewrite::rewrite;
pub use unlisted::unlisted;

/// The settings of a rewrite.
#[derive(Clone, Copy, Debug)]
pub struct Mirror<'m> {
    /// The registry that has the copies.
    pub registry: &'m Registry,
    /// Whether the host of the original registry becomes the first segment of the path.
    pub keep_registry: bool,
    /// The allowlists that complete references without a digest.
    pub pins: Option<&'m AllowlistSet<'m>>,
}

/// A reference to rewrite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// JSON pointer to the reference, from the root of the document.
    pub path: String,
    /// The name of the container.
    pub container: String,
    /// The reference as written.
    pub written: String,
    /// The original repository.
    pub source: Repository,
    /// The repository of the copy.
    pub target: Repository,
    /// The digest of the image.
    pub digest: [u8; 32],
    /// The allowlist that has the digest, if the reference had none.
    pub pinned_by: Option<String>,
}

impl Change {
    /// Returns the new reference.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}@sha256:{}", self.target, sha256_to_hex(&self.digest))
    }
}

/// The changes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The references to rewrite.
    pub changes: Vec<Change>,
    /// The number of workloads in the document.
    pub workloads: usize,
    /// The kinds of the objects that no rule reads.
    pub skipped: Vec<String>,
    /// Notes on their images, which stay in another registry.
    pub unread: Vec<Diagnostic>,
}

impl Mirror<'_> {
    /// Returns the references to rewrite in a document. References to the registry stay, and so do objects that are not
    /// workloads.
    ///
    /// # Errors
    /// Invalid workloads, and references that cannot be rewritten.
    pub fn plan(&self, root: &Value<'_>) -> Result<Plan, Vec<Diagnostic>> {
        let (found, mut faults) = manifests(root);
        let mut plan = Plan::default();
        for manifest in found {
            let kind = match manifest.role() {
                Ok(Role::Workload(kind)) => kind,
                Ok(Role::Allowlist) => continue,
                Ok(Role::Other) => {
                    plan.skipped.push(manifest.kind.to_owned());
                    plan.unread.extend(skipped::images(&manifest, self.registry));
                    continue;
                }
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            match Workload::read(&manifest, kind) {
                Ok(read) => {
                    plan.workloads += 1;
                    for container in &read.workload.containers {
                        match self.change(&read.workload, container) {
                            Ok(change) => plan.changes.extend(change),
                            Err(fault) => faults.push(fault),
                        }
                    }
                }
                Err(unread) => faults.extend(unread),
            }
        }
        if faults.is_empty() { Ok(plan) } else { Err(faults) }
    }

    fn change(
        &self,
        workload: &Workload<'_>,
        container: &Container<'_>,
    ) -> Result<Option<Change>, Diagnostic> {
        let Some(image) = &container.image else { return Ok(None) };
        let path = format!("{}/image", container.pointer(&workload.spec_pointer));
        let Some(source) = Repository::of(image) else {
            let message = format!("`{}` is not a valid reference to an image", image.full);
            return Err(Diagnostic::new(path, message)
                .help("write `HOST/PATH@sha256:DIGEST`, with a path in lower case"));
        };
        if self.registry.contains(&source) {
            return Ok(None);
        }
        let (digest, pinned_by) = match (image.sha256, image.digest, self.pins) {
            (Some(digest), ..) => (digest, None),
            (None, Some(_), _) => {
                let message = format!(
                    "image `{}` has a digest that is not `sha256:` and 64 lower-case hex digits",
                    image.full
                );
                return Err(Diagnostic::new(path, message)
                    .help("an allowlist can list no other digest: use the SHA-256 digest that `crane digest` prints"));
            }
            (None, None, Some(allowlists)) => {
                let (digest, allowlist) =
                    pin(workload, container, image, allowlists).map_err(|fault| fault.path(path.clone()))?;
                (digest, Some(allowlist))
            }
            (None, None, None) => {
                let message =
                    format!("image `{}` of container `{}` has no digest", image.full, container.name);
                return Err(Diagnostic::new(path, message).help(format!(
                    "write `{}@sha256:DIGEST`, with the digest that `crane digest {}` prints; `--pin-from-allowlist` takes the \
                     only digest that the allowlist has",
                    image.path, image.full
                )));
            }
        };
        let target = match self.registry.target(&source, self.keep_registry) {
            Ok(target) => target,
            Err(error) => {
                let message = format!("image `{}` cannot be mirrored: {}", image.full, error.reason);
                return Err(Diagnostic::new(path, message).help(error.help));
            }
        };
        Ok(Some(Change {
            path,
            container: container.name.to_owned(),
            written: image.full.to_owned(),
            source,
            target,
            digest,
            pinned_by,
        }))
    }
}

/// The repositories of a run. Each copy has one original: otherwise, the origin of an image in the registry would be unknown, and
/// tags of one original would replace tags of the other.
#[derive(Debug, Default)]
pub struct Sources(BTreeMap<Repository, Repository>);

impl Sources {
    /// Records the repository of a change.
    ///
    /// # Errors
    /// Another repository has the same copy.
    pub fn add(&mut self, change: &Change) -> Result<(), Diagnostic> {
        let first = self.0.entry(change.target.clone()).or_insert_with(|| change.source.clone());
        if *first == change.source {
            return Ok(());
        }
        let message = format!(
            "`{first}` and `{}` are different repositories, but both would be copied to `{}`",
            change.source, change.target
        );
        Err(Diagnostic::new(change.path.clone(), message)
            .help("add `--keep-registry`, which makes the host of the registry a part of the path"))
    }
}

/// An image to copy. The order is that of scripts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copied {
    /// The original repository.
    pub source: Repository,
    /// The digest.
    pub digest: [u8; 32],
    /// The repository of the copy.
    pub target: Repository,
}

impl From<&Change> for Copied {
    fn from(change: &Change) -> Self {
        Copied { source: change.source.clone(), digest: change.digest, target: change.target.clone() }
    }
}

impl Copied {
    /// Returns the reference to the original.
    #[must_use]
    pub fn original(&self) -> String {
        format!("{}@sha256:{}", self.source, sha256_to_hex(&self.digest))
    }

    /// Returns the reference to the copy, with a tag that contains the digest, because registries delete images without a tag.
    /// The tag is not `sha256-DIGEST`, which OCI registries reserve for the list of an image's signatures.
    #[must_use]
    pub fn copy(&self) -> String {
        format!("{}:mirrored-{}", self.target, sha256_to_hex(&self.digest))
    }
}
