//! Classifies patterns by the images that they accept.

use crate::language::{Common, both, example, matches};

/// An image that no vendor lists.
const OTHER_IMAGE: &str = "other.example/other-owner/other-image";

/// Images of registries that no vendor uses. `other` may be part of a longer domain name: a pattern that permits it there, such
/// as `^registry\.example.*/agent$`, permits domains that anyone can buy.
const OF_OTHER_REGISTRY: &str =
    "^(?:[a-z0-9-]+\\.)*[a-z0-9-]*other[a-z0-9-]*(?:\\.com?)?\\.[a-z]+(?::[0-9]+)?/[a-z0-9._/-]+$";

/// Readable examples of such images, best first.
const EXAMPLES: [&str; 3] = [
    "^other\\.example/[a-z0-9._/-]+$",
    "^(?:[a-z0-9-]+\\.)+other\\.example/[a-z0-9._/-]+$",
    OF_OTHER_REGISTRY,
];

/// Images of an owner that is no vendor, on registries where anyone can have a repository. An image without a host is on Docker
/// Hub.
const OF_OTHER_OWNER: &str = "^(?:(?:docker\\.io|ghcr\\.io|quay\\.io|gcr\\.io|public\\.ecr\\.aws|registry\\.gitlab\\.com|\
                              us-docker\\.pkg\\.dev)/)?[a-z0-9_-]*other-owner[a-z0-9_-]*/[a-z0-9._/-]+$";

/// The images that a pattern accepts, in addition to those of its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Openness {
    /// Every image.
    AnyImage,
    /// Images of other registries, and an example.
    AnyRegistry(String),
    /// Images of other owners on a public registry, and an example.
    AnyOwner(String),
    /// No other images.
    Closed,
}

pub(crate) fn openness(pattern: &str) -> Openness {
    if matches(pattern, OTHER_IMAGE) {
        return Openness::AnyImage;
    }
    if both(pattern, OF_OTHER_REGISTRY) != Common::Nothing
        && let Some(image) = EXAMPLES.iter().find_map(|images| example(pattern, images))
    {
        return Openness::AnyRegistry(image);
    }
    example(pattern, OF_OTHER_OWNER).map_or(Openness::Closed, Openness::AnyOwner)
}

#[cfg(test)]
mod tests {
    use super::{Openness, openness};

    #[test]
    fn patterns_are_open_or_closed() {
        let of = |pattern: &str| match openness(pattern) {
            Openness::AnyImage => "image",
            Openness::AnyRegistry(_) => "registry",
            Openness::AnyOwner(_) => "owner",
            Openness::Closed => "closed",
        };
        for (pattern, expected) in [
            ("^.*$", "image"),
            ("^(?s:.*)$", "image"),
            ("^[^:@]+$", "image"),
            ("^[a-z./-]+$", "image"),
            ("^.*/.*$", "image"),
            ("^(.*/)?newrelic/nrdot-collector$", "registry"),
            ("^[^/]+/acme/agent$", "registry"),
            (r"^[a-z.-]+/acme/.*$", "registry"),
            (r"^ghcr\.io/.*$", "owner"),
            (r"^ghcr\.io/[^/]+/agent$", "owner"),
            (r"^(docker\.io/)?[a-z-]+/agent$", "owner"),
            (r"^us-docker\.pkg\.dev/.+$", "owner"),
            (r"^(eu\.|asia\.)?gcr\.io\/datadoghq\/csi-driver(:[0-9]+\.[0-9]+\.[0-9]+)?$", "closed"),
            (r"^k8s\.gcr\.io/sig-storage/csi-node-driver-registrar(:[0-9]+)?$", "closed"),
            (r"^quay\.io/kubescape/klamav$", "closed"),
            (r"^reg\.example.*/a$", "registry"),
            (r"^.*reg\.example/a$", "registry"),
            (r"^[a-z-]*reg\.example/a$", "registry"),
            (r"^reg\.example(\..*)?/a$", "registry"),
            (r"^reg\.example[a-z.]*:5000/a$", "registry"),
            (r"^[a-z]+\.io/a$", "registry"),
            (r"^[a-z-]+\.co\.uk/a$", "registry"),
            (r"^acme.*/agent$", "registry"),
            (r"^ghcr\.io/acme.*/agent$", "owner"),
            (r"^[a-z-]*acme/agent$", "owner"),
            (r"^[a-z0-9.-]+\.reg\.example/a$", "closed"),
            (r"^reg\.example(:[0-9]+)?/[a-z/]*a$", "closed"),
            (r"^(eu-|us-)?reg\.example/a$", "closed"),
            (r"^[a-z0-9-]+-docker\.pkg\.dev/acme/.*$", "closed"),
            (r"^registry\.example/.*$", "closed"),
            (r"^r.example/acme/.*$", "closed"),
            ("^nginx$", "closed"),
            ("^acme/.*$", "closed"),
        ] {
            assert_eq!(of(pattern), expected, "{pattern}");
        }
    }
}
