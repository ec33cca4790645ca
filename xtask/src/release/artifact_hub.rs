//! The policy for Kubewarden on Artifact Hub.

use hallpass_module::home;

const TEMPLATE: &str = include_str!("../../../packaging/kubewarden/artifacthub-pkg.yml");

/// Returns the package's metadata, with the time at which this version was made.
pub(super) fn package(created: &str) -> String {
    home::fill(TEMPLATE).replace("{created}", created)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in() {
        let package = package("2027-01-31T12:00:00+00:00");
        assert!(package.contains("\ncreatedAt: 2027-01-31T12:00:00+00:00\n"), "{package}");
        for placeholder in ["{version}", "{created}", "{repository}", "{registry}"] {
            assert!(!package.contains(placeholder), "{placeholder}");
        }
    }
}
