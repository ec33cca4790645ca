//! Helm charts.

use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chart {
    #[serde(rename = "repoURL")]
    pub(crate) repo_url: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) namespace: String,
    #[serde(default = "yes")]
    pub(crate) create_namespace: bool,
    /// Whether all templates name their namespace.
    #[serde(default)]
    pub(crate) namespaced: bool,
    pub(crate) release_name: Option<String>,
    pub(crate) storage_namespace: Option<String>,
    pub(crate) service_account_name: Option<String>,
    pub(crate) values: Option<Value>,
    #[serde(default)]
    pub(crate) values_from: Vec<Value>,
}

impl Chart {
    /// Whether the chart is in an OCI registry.
    pub(crate) fn in_registry(&self) -> bool {
        self.repo_url.starts_with("oci://")
    }
}

fn yes() -> bool {
    true
}

/// What the version of a chart selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChartVersion {
    /// One version: `3.136.0`.
    Exact,
    /// The newest of several versions: `3.x`, `^1`, `1.2`.
    Range,
    /// A tag of a registry that may move: `latest`.
    Tag,
}

impl ChartVersion {
    pub(crate) fn of(version: &str) -> Self {
        if is_exact(version.strip_prefix('v').unwrap_or(version)) {
            ChartVersion::Exact
        } else if version.trim_start_matches(['v', ' ']).starts_with(|c: char| {
            c.is_ascii_digit() || matches!(c, '<' | '>' | '=' | '!' | '~' | '^' | '*' | 'x' | 'X')
        }) {
            ChartVersion::Range
        } else {
            ChartVersion::Tag
        }
    }
}

/// Whether a text is a full semantic version. Helm treats shorter ones, such as `1.2`, as ranges.
fn is_exact(version: &str) -> bool {
    let (version, build) = version.split_once('+').map_or((version, None), |(core, rest)| (core, Some(rest)));
    let (core, pre) = version.split_once('-').map_or((version, None), |(core, rest)| (core, Some(rest)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_label = |label: &str| {
        label.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    };
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && [pre, build].into_iter().flatten().all(is_label)
}

#[cfg(test)]
mod tests {
    use super::ChartVersion::{self, Exact, Range, Tag};

    #[test]
    fn only_a_full_version_is_exact() {
        for (version, expected) in [
            ("3.136.0", Exact),
            ("v1.2.3", Exact),
            ("1.2.3-rc.1", Exact),
            ("1.2.3+build.5", Exact),
            ("1.2.3-rc-1+b", Exact),
            ("3.x", Range),
            ("3.136", Range),
            ("v3", Range),
            ("*", Range),
            ("x", Range),
            ("^1.2.3", Range),
            ("~1.2.3", Range),
            (">=1.2.3", Range),
            ("1.2.3 - 2.0.0", Range),
            ("1.2.3 || 2.0.0", Range),
            (" 1.2.3", Range),
            ("1.2.3-", Range),
            ("1.2.x", Range),
            ("latest", Tag),
            ("stable", Tag),
        ] {
            assert_eq!(ChartVersion::of(version), expected, "{version}");
        }
    }
}
