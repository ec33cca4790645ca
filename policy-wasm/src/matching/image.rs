//! M5: the image's path, its full reference, or its digest.

use super::Difference;
use super::container::ContainerPair;
use super::tally::Tally;
use crate::decision::{Assumption, Rule};
use crate::workload::Container;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut impl Tally) {
    if path_matches(pair) || digest_matches(pair) || full_reference_matches(pair) {
        return;
    }
    tally.add(|| {
        let (container, allowed) = (pair.container, pair.allowed);
        let name = container.name;
        let digests = allowed.digests.len();
        let or_digest = match digests {
            0 => String::new(),
            1 => ", or use the digest that `containerImageDigests` lists".to_owned(),
            _ => format!(", or use one of the {digests} digests that `containerImageDigests` lists"),
        };
        let (message, help) = match (&container.image, &allowed.image) {
            (None, _) => {
                (format!("container `{name}` has no image"), format!("give container `{name}` an `image`"))
            }
            (Some(image), Some(pattern)) => (
                format!("image `{}` does not match `{}`", image.path, pattern.text),
                format!("use an image that matches `{}` in container `{name}`{or_digest}", pattern.text),
            ),
            (Some(_), None) if digests == 0 => (
                format!("the allowlist gives neither an image nor digests for container `{}`", allowed.name),
                format!("load a version of the allowlist that gives container `{}` an `image`", allowed.name),
            ),
            (Some(image), None) => (
                format!("image `{}` has none of the digests that the allowlist accepts", image.full),
                format!("refer to the image by a listed digest (`{}@sha256:...`)", image.path),
            ),
        };
        pair.mismatch(
            Rule::M5,
            Difference {
                path: pair.path("/image"),
                workload: container.image.map(|image| image.full.to_owned()),
                expected: allowed.image.as_ref().map(|pattern| pattern.text.to_owned()),
                allowlist_path: pair.allowed_path("/image"),
                message,
                help,
                assumption: (allowed.image.is_none() && container.image.is_some())
                    .then_some("an allowlist's container without `image` accepts images by digest only"),
            },
        )
    });
}

fn path_matches(pair: &ContainerPair<'_, '_, '_>) -> bool {
    let (Some(image), Some(allowed)) = (&pair.container.image, &pair.allowed.image) else { return false };
    allowed.matcher.matches(image.path)
}

fn digest_matches(pair: &ContainerPair<'_, '_, '_>) -> bool {
    let Some(digest) = pair.container.image.and_then(|image| image.sha256) else { return false };
    pair.allowed.digests.contains(&digest)
}

fn full_reference_matches(pair: &ContainerPair<'_, '_, '_>) -> bool {
    let (Some(image), Some(allowed)) = (&pair.container.image, &pair.allowed.image) else { return false };
    image.full == allowed.text
}

/// The image matches, but only because the allowlist repeats the whole reference, tag included.
pub(super) fn rests_on_full_reference(pair: &ContainerPair<'_, '_, '_>) -> bool {
    full_reference_matches(pair) && !path_matches(pair) && !digest_matches(pair)
}

pub(super) fn full_reference_assumption(container: &Container<'_>) -> Assumption {
    let image = container.image.map_or("", |image| image.full);
    Assumption {
        rule: Rule::M5,
        message: format!(
            "`{image}` of container `{}` equals the allowlist's image with its tag; GKE documents that tags are \
             left out, and its own generator writes them",
            container.name
        ),
    }
}
