//! The policy for Kubewarden on Artifact Hub.

use hallpass_module::home;

const TEMPLATE: &str = include_str!("../../../packaging/kubewarden/artifacthub-pkg.yml");

/// Returns the package's metadata: a version in the registry of the repository, and when it was made.
pub(super) fn package(repository: &str, created: &str) -> String {
    home::fill(TEMPLATE, repository).replace("{created}", created)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_filled_in() {
        let package = package("https://github.com/acme/hallpass", "2027-01-31T12:00:00+00:00");
        assert_eq!(package.lines().count(), TEMPLATE.lines().count());
        for placeholder in ["{version}", "{created}", "{repository}", "{registry}"] {
            assert!(!package.contains(placeholder), "{placeholder}");
        }
        let image = concat!("    image: ghcr.io/acme/policies/hallpass:v", env!("CARGO_PKG_VERSION"));
        assert!(package.lines().any(|line| line == image), "{package}");
    }
}
