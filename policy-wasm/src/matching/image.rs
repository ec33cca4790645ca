//! M5: the image's digest must be listed; without a digest, its path must equal or match the entry's `image`. The
//! whole reference may be equal too.

use super::Difference;
use super::container::ContainerPair;
use super::tally::Tally;
use crate::allowlist::AllowedContainer;
use crate::decision::{Assumption, Rule};
use hallpass_workload::Container;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    if path_matches(pair) || digest_matches(pair) || full_reference_matches(pair) {
        return;
    }
    tally.add(|| {
        let (container, allowed) = (pair.container, pair.allowed);
        let (message, help) = explain(container, allowed);
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

/// Returns the message and the help line.
fn explain(container: &Container<'_>, allowed: &AllowedContainer<'_>) -> (String, String) {
    let name = container.name;
    let Some(image) = &container.image else {
        return (format!("container `{name}` has no image"), format!("give container `{name}` an `image`"));
    };
    let listed = match allowed.digests.len() {
        0 => String::new(),
        1 => "use the digest that `containerImageDigests` lists".to_owned(),
        digests => format!("use one of the {digests} digests that `containerImageDigests` lists"),
    };
    match &allowed.image {
        Some(pattern) if image.sha256.is_some() && pattern.matcher.matches(image.path) => (
            format!("image `{}` has a digest that the allowlist does not list", image.full),
            format!(
                "remove the digest (`{}`) in container `{name}`, {}or have the vendor list it under \
                 `containerImageDigests`: with a digest, the path alone does not match",
                image.without_digest(),
                if listed.is_empty() { String::new() } else { format!("{listed}, ") },
            ),
        ),
        Some(pattern) if image.digest.is_some() && pattern.matcher.matches(image.path) => (
            format!("image `{}` has a digest that is not `sha256:` and 64 lower-case hex digits", image.full),
            format!(
                "remove the digest (`{}`) in container `{name}`{}: with a digest, the path alone does not match",
                image.without_digest(),
                if listed.is_empty() { String::new() } else { format!(", or {listed}") },
            ),
        ),
        Some(pattern) => (
            format!("image `{}` does not match `{}`", image.path, pattern.text),
            format!(
                "use an image that matches `{}`{} in container `{name}`{}",
                pattern.text,
                if image.digest.is_some() { ", without a digest," } else { "" },
                if listed.is_empty() { String::new() } else { format!(", or {listed}") },
            ),
        ),
        None if allowed.digests.is_empty() => (
            format!("the allowlist gives neither an image nor digests for container `{}`", allowed.name),
            format!("load a version of the allowlist that gives container `{}` an `image`", allowed.name),
        ),
        None => (
            format!("image `{}` has none of the digests that the allowlist accepts", image.full),
            format!("refer to the image by a listed digest (`{}@sha256:...`)", image.path),
        ),
    }
}

/// Whether the image is likely one that the entry describes, in any registry and with any tag or digest.
pub(super) fn is_alike(container: &Container<'_>, allowed: &AllowedContainer<'_>) -> bool {
    let Some(image) = &container.image else { return false };
    let last = image.path.rsplit('/').next().unwrap_or_default();
    let listed = image.sha256.is_some_and(|digest| allowed.digests.binary_search(&digest).is_ok());
    let pattern = allowed.image.as_ref();
    listed
        || pattern.is_some_and(|pattern| pattern.text.contains(last) || pattern.matcher.matches(image.path))
}

fn path_matches(pair: &ContainerPair<'_, '_, '_>) -> bool {
    let Some(allowed) = &pair.allowed.image else { return false };
    let path = pair.container.image.and_then(|image| image.matchable_path());
    path.is_some_and(|path| allowed.matcher.matches(path))
}

fn digest_matches(pair: &ContainerPair<'_, '_, '_>) -> bool {
    let Some(digest) = pair.container.image.and_then(|image| image.sha256) else { return false };
    pair.allowed.digests.binary_search(&digest).is_ok()
}

fn full_reference_matches(pair: &ContainerPair<'_, '_, '_>) -> bool {
    let (Some(image), Some(allowed)) = (&pair.container.image, &pair.allowed.image) else { return false };
    image.full == allowed.text
}

/// Whether the image matches only because the allowlist contains the whole reference, including tag or digest.
pub(super) fn rests_on_full_reference(pair: &ContainerPair<'_, '_, '_>) -> bool {
    full_reference_matches(pair) && !path_matches(pair) && !digest_matches(pair)
}

pub(super) fn full_reference_assumption(container: &Container<'_>) -> Assumption {
    let (full, why) = match container.image {
        Some(image) if image.digest.is_some() => (
            image.full,
            "digest; GKE documents digests only in `containerImageDigests`, not as part of an image",
        ),
        Some(image) => {
            (image.full, "tag; GKE documents that tags are omitted, but its own generator writes them")
        }
        None => ("", ""),
    };
    Assumption {
        rule: Rule::M5,
        message: format!(
            "`{full}` of container `{}` equals the allowlist's image with its {why}",
            container.name
        ),
    }
}
