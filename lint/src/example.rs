//! The files of examples, around the part that differs between the bad and the good one.

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

/// An allowlist, from the line after the name of its only container.
pub(crate) fn container(rest: &str) -> String {
    format!("{HEAD}  containers:\n  - name: agent\n{rest}")
}

/// An allowlist with an image.
pub(crate) fn image(image: &str) -> String {
    container(&format!("    image: {image}\n"))
}

/// An allowlist, from the line after the image of its only container.
pub(crate) fn agent(rest: &str) -> String {
    image("registry.example/acme/agent") + rest
}

/// An allowlist with an argument.
pub(crate) fn argument(argument: &str) -> String {
    agent(&format!("    args:\n    - {argument}\n"))
}

/// An allowlist with a variable.
pub(crate) fn variable(variable: &str) -> String {
    agent(&format!("    env:\n    - name: {variable}\n"))
}

/// An allowlist with the digest of an image.
pub(crate) fn digest(digest: &str) -> String {
    agent(&format!("containerImageDigests:\n- containerName: agent\n  imageDigests:\n  - {digest}\n"))
}

/// An allowlist with another name.
pub(crate) fn named(name: &str) -> String {
    agent("").replace("acme-agent-v1", name)
}

/// An allowlist with other exemptions, from the character after `exemptions:`.
pub(crate) fn exempting(exemptions: &str) -> String {
    agent("").replace("\n- autogke-disallow-hostnamespaces", exemptions)
}

/// A synchronizer with a path.
pub(crate) fn path(path: &str) -> String {
    synchronizer(&format!("\n  - {path}"))
}

/// A synchronizer, from the character after `allowlistPaths:`.
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
