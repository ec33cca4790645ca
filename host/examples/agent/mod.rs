//! The manifests of the benchmark: the same bytes in every run, on every machine.

/// About 600 lines, with 40 patterns for environment variables and 100 image digests.
pub(crate) const ALLOWLIST: &str = include_str!("allowlist.yaml");

/// A DaemonSet the size of a real partner's. The allowlist exempts it, or lacks one of its variables.
pub(crate) fn daemonset(number: usize, denied: bool) -> String {
    let manifest = include_str!("daemonset.yaml").replace("{number}", &format!("{number:04}"));
    if denied { manifest.replace("ACME_LOGS_USE_FILE", "LOGS_USE_FILE") } else { manifest }
}
