//! Whether a tag can be released. Each answer is cheap now and expensive after half of the files are public.

use hallpass_module::home::REPOSITORY;

use crate::failure::{Failure, Result};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// # Errors
/// When the tag is not this version's, the repository is not the one that everything published names, or
/// the changelog has no section for the version.
pub(super) fn check(tag: &str, repository: &str, changelog: &str) -> Result<()> {
    check_all(tag, repository, REPOSITORY, changelog)
}

fn check_all(tag: &str, repository: &str, home: &str, changelog: &str) -> Result<()> {
    if tag != format!("v{VERSION}") {
        return Err(Failure::new(format!("tag `{tag}` does not match version {VERSION}"))
            .help(format!("set `version` in Cargo.toml, or tag the commit `v{VERSION}`")));
    }
    if repository != home {
        return Err(Failure::new(format!("Cargo.toml does not name `{repository}` as its repository")).help(
            format!("set `repository` in Cargo.toml to `{repository}`: packages and modules link to it"),
        ));
    }
    if !changelog.lines().any(|line| section(line) == Some(VERSION)) {
        return Err(Failure::new(format!("CHANGELOG.md has no section `## {VERSION}`"))
            .help("rename the section `## Unreleased`, and add a new one above it"));
    }
    Ok(())
}

/// Returns the version of a heading such as `## 0.1.0` or `## 0.1.0 (2027-01-31)`.
fn section(line: &str) -> Option<&str> {
    line.strip_prefix("## ")?.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "https://git.example/acme/hallpass";

    fn message(tag: &str, repository: &str, changelog: &str) -> String {
        check_all(tag, repository, HOME, changelog).unwrap_err().to_string()
    }

    #[test]
    fn a_release_has_one_version_one_home_and_a_section_of_the_changelog() {
        let (tag, changelog) = (format!("v{VERSION}"), format!("# Changelog\n\n## {VERSION} (2027-01-31)\n"));
        assert!(check_all(&tag, HOME, HOME, &changelog).is_ok());
        assert!(message(VERSION, HOME, &changelog).contains("does not match version"));
        assert!(message(&format!("{tag}-rc.1"), HOME, &changelog).contains("does not match version"));
        assert!(message(&tag, "https://git.example/fork/hallpass", &changelog).contains("does not name"));
        assert!(message(&tag, HOME, "## Unreleased\n").contains("has no section"));
        assert!(message(&tag, HOME, &format!("## {VERSION}1\n")).contains("has no section"));
    }

    #[test]
    fn without_a_home_nothing_is_released() {
        let changelog = format!("## {VERSION}\n");
        let error = check_all(&format!("v{VERSION}"), HOME, "", &changelog).unwrap_err().to_string();
        assert!(error.contains("set `repository` in Cargo.toml"), "{error}");
    }
}
