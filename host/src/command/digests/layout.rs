//! An OCI image layout: a folder with `oci-layout`, `index.json`, and blobs named by their digests. Its
//! origin is not trusted, so hallpass reads nothing outside of it, and limits what it reads.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use hallpass_author::digests::{Descriptor, Digest, Image, Kind, index, manifest};
use hallpass_document::{Value, sha256_to_hex};
use sha2::{Digest as _, Sha256};

use crate::input::plain;
use crate::output::Problem;

/// The maximum size of a manifest, in bytes. Registries accept no larger ones.
const MAX_JSON: u64 = 4 * 1024 * 1024;
/// The maximum depth of indexes in indexes: builds need two.
const MAX_DEPTH: usize = 4;
/// The maximum number of descriptors.
const MAX_DESCRIPTORS: usize = 100_000;

/// The folder of blobs.
pub(super) const BLOBS: &str = "blobs/sha256";
const INDEX: &str = "index.json";
const MARKER: &str = "oci-layout";

/// A layout on the disk.
pub(super) struct Layout {
    folder: PathBuf,
    /// The real path of the folder.
    root: PathBuf,
}

/// The contents of a layout.
#[derive(Default)]
pub(super) struct Found {
    pub(super) images: Vec<Image>,
    /// All manifests and indexes that are not artifacts.
    pub(super) manifests: Vec<Descriptor>,
    /// The configurations and layers of the manifests that the layout has.
    pub(super) parts: Vec<Descriptor>,
    /// The number of manifests that are left out, because no container runs them.
    pub(super) artifacts: usize,
}

impl Layout {
    /// Opens a layout.
    pub(super) fn open(folder: &Path) -> Result<Self, Box<Problem>> {
        let problem = |message: String| Box::new(Problem::new(&folder.display().to_string(), message));
        let root = folder
            .canonicalize()
            .map_err(|error| problem(format!("the folder cannot be read: {}", plain(&error))))?;
        let layout = Layout { folder: folder.to_path_buf(), root };
        if !layout.root.join(MARKER).is_file() {
            let help = format!("pass the folder with the files `{MARKER}` and `{INDEX}`");
            return Err(Box::new(problem("the folder is not an OCI image layout".to_owned()).help(help)));
        }
        let marker = layout.json(MARKER)?;
        let version = Value::from_json(&marker).ok();
        let version = version.as_ref().and_then(|marker| marker.get("imageLayoutVersion")?.as_str());
        match version {
            Some(version) if version.starts_with("1.") => Ok(layout),
            _ => Err(Box::new(layout.problem(MARKER, "has no `imageLayoutVersion` 1.0.0"))),
        }
    }

    /// Returns the images that the index lists.
    pub(super) fn read(&self) -> Result<Found, Box<Problem>> {
        let mut found = Found::default();
        let listed = index(&self.json(INDEX)?).map_err(|error| self.problem(INDEX, &error))?;
        for descriptor in &listed {
            let mut digests = BTreeSet::new();
            self.collect(descriptor, 0, &mut digests, &mut found)?;
            if !digests.is_empty() {
                let repository = descriptor.repository.clone();
                found.images.push(Image { repository, digests, position: None });
            }
        }
        if found.images.is_empty() {
            return Err(Box::new(self.of_whole("contains no image")));
        }
        Ok(found)
    }

    /// Adds the digest of a manifest or an index, and the digests that the index lists.
    fn collect(
        &self,
        descriptor: &Descriptor,
        depth: usize,
        digests: &mut BTreeSet<Digest>,
        found: &mut Found,
    ) -> Result<(), Box<Problem>> {
        match descriptor.kind {
            Kind::Artifact => {
                found.artifacts += 1;
                return Ok(());
            }
            Kind::Other => return Ok(()),
            Kind::Manifest | Kind::Index => {}
        }
        found.manifests.push(descriptor.clone());
        if digests.insert(descriptor.digest) {
            if descriptor.kind == Kind::Index {
                if depth == MAX_DEPTH {
                    let message = format!("has more than {MAX_DEPTH} indexes within each other");
                    return Err(Box::new(self.of_whole(&message)));
                }
                for inner in &self.described(descriptor, index)? {
                    self.collect(inner, depth + 1, digests, found)?;
                }
            } else if self.has(&descriptor.digest) {
                found.parts.extend(self.described(descriptor, manifest)?);
            }
        }
        if found.manifests.len() + found.parts.len() > MAX_DESCRIPTORS {
            let message = format!("contains more than {MAX_DESCRIPTORS} manifests and layers");
            return Err(Box::new(self.of_whole(&message)));
        }
        Ok(())
    }

    /// Whether the layout has the blob: it may have only some of an image's platforms.
    fn has(&self, digest: &Digest) -> bool {
        self.root.join(blob(digest)).symlink_metadata().is_ok()
    }

    /// Reads an index or a manifest, and verifies its digest.
    fn described(
        &self,
        descriptor: &Descriptor,
        read: impl Fn(&[u8]) -> Result<Vec<Descriptor>, String>,
    ) -> Result<Vec<Descriptor>, Box<Problem>> {
        let name = blob(&descriptor.digest);
        let json = self.json(&name)?;
        if Sha256::digest(&json)[..] != descriptor.digest {
            return Err(Box::new(self.problem(&name, "does not have the digest that is its name")));
        }
        read(&json).map_err(|error| Box::new(self.problem(&name, &error).help("copy the image again")))
    }

    fn json(&self, name: &str) -> Result<Vec<u8>, Box<Problem>> {
        let mut bytes = Vec::new();
        let read = self
            .file(name)
            .and_then(|file| file.take(MAX_JSON + 1).read_to_end(&mut bytes).map_err(unreadable));
        read.map_err(|reason| self.problem(name, &reason))?;
        if bytes.len() as u64 > MAX_JSON {
            return Err(Box::new(self.problem(name, "is larger than 4 MB, the limit of registries")));
        }
        Ok(bytes)
    }

    /// Opens a file of the layout. The error is a predicate with the file as its subject.
    pub(super) fn file(&self, name: &str) -> Result<File, String> {
        let path = self.root.join(name).canonicalize().map_err(unreadable)?;
        if !path.starts_with(&self.root) {
            return Err("is a link that leads out of the layout".to_owned());
        }
        // Opening a pipe would wait for a writer.
        if !path.metadata().map_err(unreadable)?.is_file() {
            return Err("is not a regular file".to_owned());
        }
        File::open(path).map_err(unreadable)
    }

    /// Returns the names of all blobs.
    pub(super) fn blobs(&self) -> Result<Vec<String>, String> {
        let folder = self.root.join(BLOBS).canonicalize().map_err(unreadable)?;
        if !folder.starts_with(&self.root) {
            return Err("is a link that leads out of the layout".to_owned());
        }
        let entries = folder.read_dir().map_err(unreadable)?;
        entries.map(|entry| Ok(entry.map_err(unreadable)?.file_name().display().to_string())).collect()
    }

    /// Returns a problem of a file of the layout, the subject of the predicate.
    pub(super) fn problem(&self, name: &str, predicate: &str) -> Problem {
        Problem::new(&self.folder.join(name).display().to_string(), format!("the file {predicate}"))
    }

    /// Returns a problem of the whole layout, the subject of the predicate.
    pub(super) fn of_whole(&self, predicate: &str) -> Problem {
        Problem::new(&self.folder.display().to_string(), format!("the layout {predicate}"))
    }
}

/// Returns the path of a blob in a layout.
pub(super) fn blob(digest: &Digest) -> String {
    format!("{BLOBS}/{}", sha256_to_hex(digest))
}

pub(super) fn unreadable(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "is missing".to_owned(),
        _ => format!("cannot be read: {}", plain(&error)),
    }
}
