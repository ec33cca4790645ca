//! What files name that are published: this version, the repository, and the container registry next to it.

/// The URL of the repository; empty until hallpass is published.
pub const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Fills `{version}`, `{repository}` and `{registry}` in a template. A line with a value that is unknown is left out: without
/// a repository, the registry is unknown.
#[must_use]
pub fn fill(template: &str, repository: &str) -> String {
    let registry = registry(repository);
    let mut filled = String::with_capacity(template.len());
    for line in template.lines() {
        let mut line = line.replace("{version}", env!("CARGO_PKG_VERSION"));
        if !repository.is_empty() {
            line = line.replace("{repository}", repository);
        }
        if let Some(registry) = &registry {
            line = line.replace("{registry}", registry);
        }
        if !line.contains("{repository}") && !line.contains("{registry}") {
            filled.push_str(&line);
            filled.push('\n');
        }
    }
    filled
}

/// Returns GitHub's container registry for the repository's owner, whose name is lower case there.
fn registry(repository: &str) -> Option<String> {
    let (owner, name) = repository.strip_prefix("https://github.com/")?.split_once('/')?;
    (!owner.is_empty() && !name.is_empty()).then(|| format!("ghcr.io/{}", owner.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "a: {version}\nb: {repository}/x\nc: {registry}/y\nd: {}\n";

    #[test]
    fn a_template_is_filled_with_what_is_known() {
        let version = env!("CARGO_PKG_VERSION");
        let github = "https://github.com/Acme/hallpass";
        assert_eq!(fill(TEMPLATE, ""), format!("a: {version}\nd: {{}}\n"));
        assert_eq!(
            fill(TEMPLATE, github),
            format!("a: {version}\nb: {github}/x\nc: ghcr.io/acme/y\nd: {{}}\n")
        );
        let elsewhere = "https://git.example/acme/hallpass";
        assert_eq!(fill(TEMPLATE, elsewhere), format!("a: {version}\nb: {elsewhere}/x\nd: {{}}\n"));
    }
}
