//! `--layout`: the blobs of a layout are what they claim to be.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use hallpass_author::digests::{Descriptor, Digest, Image, Kind};
use hallpass_document::{sha256_from_hex, sha256_to_hex};
use sha2::{Digest as _, Sha256};

use super::layout::{BLOBS, Layout, blob, unreadable};
use crate::output::Problem;

/// Verifies the digest of every blob, the sizes that the manifests give, and that every digest of the images is there. Returns
/// everything that is wrong.
pub(super) fn verify(layout: &Layout, images: &[Image]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let sizes = sizes(layout, &mut problems);
    if !problems.is_empty() {
        return problems;
    }
    match layout.read() {
        Ok(found) => {
            let mut checked = BTreeSet::new();
            for descriptor in &found.manifests {
                compare(layout, descriptor, &sizes, &mut checked, &mut problems);
            }
        }
        Err(problem) => problems.push(*problem),
    }
    if !problems.is_empty() {
        return problems;
    }
    let missing =
        images.iter().flat_map(|image| &image.digests).filter(|digest| !sizes.contains_key(*digest));
    for digest in missing.collect::<BTreeSet<_>>() {
        problems.push(
            layout
                .of_whole(&format!("does not contain `sha256:{}`, which is to be listed", sha256_to_hex(digest)))
                .help("copy the image into the layout, with all platforms, or remove the digest from the images"),
        );
    }
    problems
}

/// Returns the sizes of all blobs with the digests that they claim.
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

/// Compares the sizes in a descriptor, and in the manifest that it describes, with those of the blobs. Layers may be
/// elsewhere, manifests not.
fn compare(
    layout: &Layout,
    descriptor: &Descriptor,
    sizes: &BTreeMap<Digest, u64>,
    checked: &mut BTreeSet<(Digest, u64)>,
    problems: &mut Vec<Problem>,
) {
    if !checked.insert((descriptor.digest, descriptor.size)) {
        return;
    }
    let Some(size) = sizes.get(&descriptor.digest) else {
        if matches!(descriptor.kind, Kind::Manifest | Kind::Index) {
            let problem = layout.problem(&blob(&descriptor.digest), "is missing, but listed as a manifest");
            problems.push(problem.help("copy the image with all platforms"));
        }
        return;
    };
    if *size != descriptor.size {
        let message = format!("has {size} bytes, but a manifest or an index says {}", descriptor.size);
        problems.push(layout.problem(&blob(&descriptor.digest), &message).help("copy the image again"));
    }
    if descriptor.kind != Kind::Manifest {
        return;
    }
    match layout.contents(descriptor) {
        Ok(contents) => {
            for part in &contents.parts {
                compare(layout, part, sizes, checked, problems);
            }
        }
        Err(problem) => problems.push(*problem),
    }
}
