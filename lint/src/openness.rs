//! How many images a pattern accepts.

use crate::language::{example, matches};

/// An image that no vendor lists.
const OTHER_IMAGE: &str = "other.example/other-owner/other-image";

/// The beginning of an image of a registry that no vendor uses.
const OTHER_REGISTRY: &str = "other.example/";

/// The images of that registry, and those of an owner that no vendor is, on registries where anyone can have a
/// repository. Without a host, an image is on Docker Hub.
const OTHER_IMAGES: &str = "^(?:other\\.example/|(?:(?:docker\\.io|ghcr\\.io|quay\\.io|gcr\\.io|public\\.ecr\\.aws|\
                            registry\\.gitlab\\.com|us-docker\\.pkg\\.dev)/)?other-owner/)[a-z0-9._/-]+$";

/// The images of that registry.
const OF_OTHER_REGISTRY: &str = "^other\\.example/[a-z0-9._/-]+$";

/// The images that a pattern accepts, in addition to those of its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Openness {
    /// Every image.
    AnyImage,
    /// Images of any registry, and an example.
    AnyRegistry(String),
    /// Images of any owner on a public registry, and an example.
    AnyOwner(String),
    /// None.
    Closed,
}

pub(crate) fn openness(pattern: &str) -> Openness {
    let Some(image) = example(pattern, OTHER_IMAGES) else { return Openness::Closed };
    if matches(pattern, OTHER_IMAGE) {
        Openness::AnyImage
    } else if image.starts_with(OTHER_REGISTRY) {
        Openness::AnyRegistry(image)
    } else {
        example(pattern, OF_OTHER_REGISTRY).map_or(Openness::AnyOwner(image), Openness::AnyRegistry)
    }
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
            (r"^registry\.example/.*$", "closed"),
            (r"^r.example/acme/.*$", "closed"),
            ("^nginx$", "closed"),
            ("^acme/.*$", "closed"),
        ] {
            assert_eq!(of(pattern), expected, "{pattern}");
        }
    }
}
