//! Repositories of images, as container runtimes read them.

use std::fmt;

use hallpass_workload::ImageReference;

/// The registry of references without a host.
const DOCKER_HUB: &str = "docker.io";
/// The other name of Docker Hub.
const INDEX: &str = "index.docker.io";
/// The namespace of names on Docker Hub with one segment.
const OFFICIAL: &str = "library";

/// The maximum length of a host and a path together.
pub(super) const LONGEST: usize = 255;

/// A repository: the host of a registry, and a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository {
    /// The host, with its port.
    pub host: String,
    /// The path, without a slash at the start.
    pub path: String,
}

impl Repository {
    /// Returns the repository of a reference. The short names of Docker Hub are completed: `nginx` is
    /// `docker.io/library/nginx`. `None` if the reference is invalid.
    #[must_use]
    pub fn of(image: &ImageReference<'_>) -> Option<Self> {
        let rest = image.without_digest().strip_prefix(image.path)?;
        let has_tag = rest.strip_prefix(':');
        if !(rest.is_empty() || has_tag.is_some_and(is_tag)) {
            return None;
        }
        let (host, path) = match image.path.split_once('/') {
            Some((host, path)) if has_host(host) => (host, path),
            _ => (DOCKER_HUB, image.path),
        };
        let found = Repository::new(host, path);
        let Repository { host, path } = &found;
        let is_valid = is_host(host) && is_path(path) && host.len() + path.len() < LONGEST;
        is_valid.then_some(found)
    }

    /// Returns the repository that container runtimes use for a host and a path.
    pub(super) fn new(host: &str, path: &str) -> Self {
        let host = canonical(host);
        let path = match path.contains('/') {
            false if host == DOCKER_HUB => format!("{OFFICIAL}/{path}"),
            _ => path.to_owned(),
        };
        Repository { host, path }
    }
}

/// Returns the canonical name of a host.
pub(super) fn canonical(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    if host == INDEX { DOCKER_HUB.to_owned() } else { host }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.path)
    }
}

/// Whether the first segment of a reference is a host; otherwise, it is part of a name on Docker Hub.
pub(super) fn has_host(segment: &str) -> bool {
    segment == "localhost"
        || segment.contains(['.', ':'])
        || segment.contains(|c: char| c.is_ascii_uppercase())
}

/// Whether this is the name or the IPv4 address of a host, with or without a port.
pub(super) fn is_host(host: &str) -> bool {
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let is_label = |label: &str| {
        let is_inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    name.split('.').all(is_label) && port.is_none_or(is_port)
}

/// Whether this is the path of a repository (OCI distribution specification).
pub(super) fn is_path(path: &str) -> bool {
    path.split('/').all(is_segment)
}

/// Whether a segment consists of words of lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`.
fn is_segment(segment: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = segment.as_bytes();
    let has_words_at_ends =
        bytes.first().copied().is_some_and(is_word) && bytes.last().copied().is_some_and(is_word);
    let mut separators = segment.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let is_separator = |text: &str| matches!(text, "" | "." | "_" | "__") || text.bytes().all(|b| b == b'-');
    has_words_at_ends && separators.all(is_separator)
}

fn is_tag(tag: &str) -> bool {
    const LONGEST: usize = 128;
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    (1..=LONGEST).contains(&tag.len()) && tag.bytes().all(is_inner) && !tag.starts_with(['.', '-'])
}

#[cfg(test)]
mod tests {
    use super::Repository;
    use hallpass_workload::ImageReference;

    fn of(image: &str) -> Option<String> {
        Repository::of(&ImageReference::parse(image)).map(|repository| repository.to_string())
    }

    #[test]
    fn short_names_are_those_of_docker_hub() {
        let digest = format!("@sha256:{}", "a".repeat(64));
        for (image, expected) in [
            ("nginx", "docker.io/library/nginx"),
            ("nginx:1.27", "docker.io/library/nginx"),
            ("acme/agent", "docker.io/acme/agent"),
            ("docker.io/nginx", "docker.io/library/nginx"),
            ("index.docker.io/acme/agent:1", "docker.io/acme/agent"),
            ("localhost/agent", "localhost/agent"),
            ("localhost:5000/acme/agent:1", "localhost:5000/acme/agent"),
            ("Registry/agent", "registry/agent"),
            ("gcr.io/a_b/c__d/e-f---g.h", "gcr.io/a_b/c__d/e-f---g.h"),
            ("10.0.0.1/agent", "10.0.0.1/agent"),
        ] {
            assert_eq!(of(image).as_deref(), Some(expected), "{image}");
            if !image.contains(":1") {
                assert_eq!(of(&format!("{image}{digest}")).as_deref(), Some(expected), "{image}");
            }
        }
    }

    #[test]
    fn what_no_runtime_accepts_has_no_repository() {
        let long = format!("r.example/{}", "a".repeat(250));
        for image in [
            "",
            "r.example/",
            "r.example//agent",
            "r.example/Agent",
            "r.example/agent:",
            "r.example/agent:.1",
            "r.example/agent;id",
            "r.example/$(id)",
            "r.example/'a'",
            "r.example/-agent",
            "r.example/agent-",
            "r.example/a..b",
            "r.example/a/../b",
            "r.example:port/agent",
            "r.example:70000/agent",
            "-r.example/agent",
            "[::1]:5000/agent",
            "https://r.example/agent",
            "r.example/agent\n",
            long.as_str(),
        ] {
            assert_eq!(of(image), None, "{image}");
        }
    }
}
