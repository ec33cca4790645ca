//! Builds examples around the part that differs between the bad and the good one.

/// The beginning of most examples.
pub(crate) const HEAD: &str = "\
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
";

/// Returns an allowlist with this text after the name of its only container.
pub(crate) fn container(rest: &str) -> String {
    format!("{HEAD}  containers:\n  - name: agent\n{rest}")
}

/// Returns an allowlist with an image.
pub(crate) fn image(image: &str) -> String {
    container(&format!("    image: {image}\n"))
}

/// Returns an allowlist with this text after the image of its only container.
pub(crate) fn agent(rest: &str) -> String {
    image("registry.example/acme/agent") + rest
}

/// Returns an allowlist with an argument.
pub(crate) fn argument(argument: &str) -> String {
    agent(&format!("    args:\n    - {argument}\n"))
}

/// Returns an allowlist with an environment variable.
pub(crate) fn variable(variable: &str) -> String {
    agent(&format!("    env:\n    - name: {variable}\n"))
}

/// Returns an allowlist with the digest of an image.
pub(crate) fn digest(digest: &str) -> String {
    agent(&format!("containerImageDigests:\n- containerName: agent\n  imageDigests:\n  - {digest}\n"))
}

/// Returns an allowlist with a name.
pub(crate) fn named(name: &str) -> String {
    agent("").replace("acme-agent-v1", name)
}

/// Returns an allowlist with this text after `exemptions:`.
pub(crate) fn exempting(exemptions: &str) -> String {
    agent("").replace("\n- autogke-disallow-hostnamespaces", exemptions)
}

/// Returns a synchronizer with a path.
pub(crate) fn path(path: &str) -> String {
    synchronizer(&format!("\n  - {path}"))
}

/// Returns a synchronizer with this text after `allowlistPaths:`.
pub(crate) fn synchronizer(paths: &str) -> String {
    format!(
        "\
apiVersion: auto.gke.io/v1
kind: AllowlistSynchronizer
metadata:
  name: acme
spec:
  allowlistPaths:{paths}
"
    )
}
