//! The digests that an allowlist lists for the images of its containers (rule M5).

mod lines;
mod oci;
mod owners;
mod write;

pub use lines::lines;
pub use oci::{Descriptor, Kind, index, manifest};
pub use owners::{named, owners};
pub use write::{Changed, Old, write};

use std::collections::{BTreeMap, BTreeSet};

use hallpass_document::Position;

/// The SHA-256 digest of a manifest.
pub type Digest = [u8; 32];

/// Digests by container.
pub type ByContainer = BTreeMap<String, BTreeSet<Digest>>;

/// An image whose digests an allowlist must list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The repository, without tag and digest, if it is known.
    pub repository: Option<String>,
    /// Its digest, and those of its platforms.
    pub digests: BTreeSet<Digest>,
    /// The place in a list of images.
    pub position: Option<Position>,
}
