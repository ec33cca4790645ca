//! `--layout`: verifies that a layout is complete, and that its blobs have the digests that are their names.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use hallpass_author::digests::{Digest, Image};
use hallpass_document::{sha256_from_hex, sha256_to_hex};
use sha2::{Digest as _, Sha256};

use super::layout::{BLOBS, Found, Layout, blob, unreadable};
use crate::output::Problem;

/// Verifies the digest of every blob, that the layout has the blobs of its images in the sizes that manifests give, and that
/// every digest of `images` is that of one of these images. Returns all errors.
pub(super) fn verify(layout: &Layout, images: &[Image]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let sizes = sizes(layout, &mut problems);
    if !problems.is_empty() {
        return problems;
    }
    let found = match layout.read() {
        Ok(found) => found,
        Err(problem) => return vec![*problem],
    };
    let problems = incomplete(layout, &found, &sizes);
    if !problems.is_empty() {
        return problems;
    }
    let contained: BTreeSet<_> = found.manifests.iter().map(|manifest| manifest.digest).collect();
    let wanted: BTreeSet<_> = images.iter().flat_map(|image| &image.digests).copied().collect();
    let strange = wanted.difference(&contained);
    strange.map(|digest| not_an_image(layout, digest, sizes.contains_key(digest))).collect()
}

/// Describes a digest to list that is not that of an image.
fn not_an_image(layout: &Layout, digest: &Digest, is_blob: bool) -> Problem {
    let digest = sha256_to_hex(digest);
    if is_blob {
        let message = format!("has `sha256:{digest}`, but not as an image or a platform of one");
        return layout.of_whole(&message).help("remove the digest from the images: no container runs it");
    }
    layout
        .of_whole(&format!("does not contain `sha256:{digest}`, a digest to list"))
        .help("copy the image into the layout, with all platforms, or remove the digest from the images")
}

/// Returns the sizes of all blobs with a correct digest.
fn sizes(layout: &Layout, problems: &mut Vec<Problem>) -> BTreeMap<Digest, u64> {
    let mut sizes = BTreeMap::new();
    let mut names = match layout.blobs() {
        Ok(names) => names,
        Err(reason) => {
            problems.push(layout.of_whole(&format!("has no folder `{BLOBS}` that can be read: it {reason}")));
            return sizes;
        }
    };
    names.sort();
    for name in names {
        let path = format!("{BLOBS}/{name}");
        let Some(claimed) = sha256_from_hex(&name) else {
            problems.push(layout.problem(&path, "is not named by a SHA-256 digest").help("remove the file"));
            continue;
        };
        match hashed(layout, &path) {
            Ok((digest, size)) if digest == claimed => drop(sizes.insert(digest, size)),
            Ok((digest, _)) => {
                let message = format!(
                    "does not have the digest that is its name: it has `sha256:{}`",
                    sha256_to_hex(&digest)
                );
                problems.push(layout.problem(&path, &message).help("copy the image again"));
            }
            Err(reason) => problems.push(layout.problem(&path, &reason)),
        }
    }
    sizes
}

/// Returns the digest and the size of a file. Layers can be larger than the memory.
fn hashed(layout: &Layout, path: &str) -> Result<(Digest, u64), String> {
    let mut file = layout.file(path)?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).map_err(unreadable)?;
        match buffer.get(..read) {
            Some([]) | None => return Ok((hash.finalize().into(), size)),
            Some(bytes) => hash.update(bytes),
        }
        size += read as u64;
    }
}

/// Returns the blobs that are missing, or do not have the size that a manifest or an index gives.
fn incomplete(layout: &Layout, found: &Found, sizes: &BTreeMap<Digest, u64>) -> Vec<Problem> {
    let (mut problems, mut checked) = (Vec::new(), BTreeSet::new());
    let manifests = found.manifests.iter().map(|manifest| (manifest, "a manifest"));
    let parts = found.parts.iter().map(|part| (part, "the configuration or a layer of an image"));
    for (descriptor, called) in manifests.chain(parts) {
        let name = blob(&descriptor.digest);
        if !checked.insert((descriptor.digest, descriptor.size)) {
            continue;
        }
        match sizes.get(&descriptor.digest) {
            Some(size) if *size == descriptor.size => {}
            Some(size) => {
                let message =
                    format!("has {size} bytes, but a manifest or an index says {}", descriptor.size);
                problems.push(layout.problem(&name, &message).help("copy the image again"));
            }
            None if descriptor.is_foreign => {}
            None => {
                let message = format!("is missing, but listed as {called}");
                problems.push(layout.problem(&name, &message).help("copy the image with all platforms"));
            }
        }
    }
    problems
}
