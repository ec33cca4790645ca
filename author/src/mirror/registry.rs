//! The registry that has the copies.

use std::fmt;
use std::str::FromStr;

use super::repository::{LONGEST, Repository, canonical, has_host, is_host, is_path};

/// A registry, and the path below which it has the copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    host: String,
    /// Empty, or a path without a slash at the ends.
    prefix: String,
}

/// The reason why a text is not a registry, or a repository has no copy in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryError {
    /// The reason.
    pub reason: String,
    /// The help line.
    pub help: &'static str,
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.reason, self.help)
    }
}

impl std::error::Error for RegistryError {}

impl FromStr for Registry {
    type Err = RegistryError;

    fn from_str(text: &str) -> Result<Self, RegistryError> {
        let refuse = |reason: String, help| Err(RegistryError { reason, help });
        if text.contains("://") {
            return refuse("it is a URL".to_owned(), "write the host without `https://`");
        }
        let text = text.strip_suffix('/').unwrap_or(text);
        let (host, prefix) = text.split_once('/').unwrap_or((text, ""));
        if !is_host(host) {
            return refuse(
                format!("`{host}` is not the host of a registry"),
                "write `HOST/PREFIX`, or `HOST`",
            );
        }
        if !has_host(host) {
            return refuse(
                format!("container runtimes read `{host}/...` as a name on Docker Hub"),
                "write a host with a dot or a port, such as `mirror.example` or `mirror:443`",
            );
        }
        if !(prefix.is_empty() || is_path(prefix)) {
            return refuse(
                format!("`{prefix}` is not a path in a registry"),
                "write lower-case letters and digits, with `.`, `_` or `-` between them, and neither a tag nor a digest",
            );
        }
        Ok(Registry { host: canonical(host), prefix: prefix.to_owned() })
    }
}

impl Registry {
    /// Whether the repository is below the path.
    #[must_use]
    pub fn contains(&self, repository: &Repository) -> bool {
        let below = repository.path.strip_prefix(&self.prefix);
        let is_below = |rest: &str| self.prefix.is_empty() || rest.starts_with('/');
        repository.host == self.host && below.is_some_and(is_below)
    }

    /// Returns the repository of the copy. With `keep_host`, the host of the original is part of its path.
    ///
    /// # Errors
    /// The path is too long.
    pub fn target(&self, source: &Repository, keep_host: bool) -> Result<Repository, RegistryError> {
        // A colon cannot be part of a path.
        let host = source.host.replace(':', "-");
        let parts = [self.prefix.as_str(), if keep_host { &host } else { "" }, &source.path];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let target = Repository::new(&self.host, &parts.join("/"));
        if target.host.len() + target.path.len() >= LONGEST {
            return Err(RegistryError {
                reason: format!("the name in the registry would be longer than {LONGEST} characters"),
                help: "use a shorter prefix",
            });
        }
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::Registry;
    use crate::mirror::Repository;
    use hallpass_workload::ImageReference;

    fn repository(image: &str) -> Repository {
        Repository::of(&ImageReference::parse(image)).unwrap()
    }

    #[test]
    fn copies_are_below_the_prefix() {
        for (registry, image, plain, kept) in [
            ("m.example", "nginx", "m.example/library/nginx", "m.example/docker.io/library/nginx"),
            ("m.example/a/b/", "quay.io/x/y", "m.example/a/b/x/y", "m.example/a/b/quay.io/x/y"),
            ("M.example:8443/a", "r:5000/x", "m.example:8443/a/x", "m.example:8443/a/r-5000/x"),
            ("docker.io", "r.example/x", "docker.io/library/x", "docker.io/r.example/x"),
            ("index.docker.io/acme", "r.example/x", "docker.io/acme/x", "docker.io/acme/r.example/x"),
        ] {
            let registry: Registry = registry.parse().unwrap();
            let source = repository(image);
            assert!(!registry.contains(&source));
            for (keep, expected) in [(false, plain), (true, kept)] {
                let target = registry.target(&source, keep).unwrap();
                assert_eq!(target.to_string(), expected);
                assert!(registry.contains(&target));
                assert_eq!(repository(expected), target, "runtimes read the same");
            }
        }
    }

    #[test]
    fn a_prefix_ends_at_a_slash() {
        let registry: Registry = "m.example/acme".parse().unwrap();
        assert!(registry.contains(&repository("m.example/acme/agent")));
        for other in ["m.example/acme", "m.example/acmes/agent", "n.example/acme/agent", "m.example/agent"] {
            assert!(!registry.contains(&repository(other)), "{other}");
        }
    }

    #[test]
    fn what_is_not_a_registry_is_refused() {
        for (text, reason) in [
            ("https://m.example", "it is a URL"),
            ("", "`` is not the host of a registry"),
            ("/acme", "`` is not the host of a registry"),
            ("m.example:x/acme", "`m.example:x` is not the host of a registry"),
            ("mirror/acme", "container runtimes read `mirror/...` as a name on Docker Hub"),
            ("m.example/Acme", "`Acme` is not a path in a registry"),
            ("m.example/acme:1", "`acme:1` is not a path in a registry"),
            ("m.example/acme//", "`acme/` is not a path in a registry"),
            ("m.example/a/../b", "`a/../b` is not a path in a registry"),
        ] {
            assert_eq!(text.parse::<Registry>().unwrap_err().reason, reason, "{text}");
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_refused() {
        let registry: Registry = "m.example/acme".parse().unwrap();
        let source = repository(&format!("r.example/{}", "a".repeat(240)));
        assert_eq!(registry.target(&source, true).unwrap_err().help, "use a shorter prefix");
        assert!(registry.target(&repository("r.example/a"), true).is_ok());
    }
}
