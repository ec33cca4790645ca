//! GKE versions: `1.32.0-gke.1000000`.

use std::fmt;
use std::str::FromStr;

/// A GKE version, ordered by release: first by Kubernetes version, then by GKE's build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GkeVersion {
    major: u32,
    minor: u32,
    patch: u32,
    gke: u64,
}

impl GkeVersion {
    /// The first version in which the order of containers does not matter (rule M4; GKE's troubleshooting page).
    pub const ORDER_FREE: GkeVersion = GkeVersion::new(1, 34, 0, 0);

    /// `MAJOR.MINOR.PATCH-gke.BUILD`.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32, gke: u64) -> Self {
        GkeVersion { major, minor, patch, gke }
    }
}

impl fmt::Display for GkeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}-gke.{}", self.major, self.minor, self.patch, self.gke)
    }
}

/// Text that is not a GKE version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GkeVersionError(String);

impl fmt::Display for GkeVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a GKE version; one looks like `1.32.0-gke.1000000`", self.0)
    }
}

impl std::error::Error for GkeVersionError {}

impl FromStr for GkeVersion {
    type Err = GkeVersionError;

    /// Parses `MAJOR.MINOR[.PATCH[-gke.BUILD]]`. Missing parts count as 0, the oldest build of that release, so that an
    /// imprecise version never satisfies a minimum by accident.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| GkeVersionError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<GkeVersion> {
    let (kubernetes, gke) = match text.split_once("-gke.") {
        Some((kubernetes, build)) => (kubernetes, number(build)?),
        None => (text, 0),
    };
    let mut parts = kubernetes.split('.');
    let major = number(parts.next()?)?;
    let minor = number(parts.next()?)?;
    let patch = match parts.next() {
        Some(patch) => number(patch)?,
        // A build belongs to a patch release, which `1.32-gke.5` lacks.
        None if kubernetes.len() == text.len() => 0,
        None => return None,
    };
    if parts.next().is_some() {
        return None;
    }
    Some(GkeVersion {
        major: u32::try_from(major).ok()?,
        minor: u32::try_from(minor).ok()?,
        patch: u32::try_from(patch).ok()?,
        gke,
    })
}

fn number(text: &str) -> Option<u64> {
    // `parse` alone would accept a sign.
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::GkeVersion;

    fn version(text: &str) -> GkeVersion {
        text.parse().unwrap()
    }

    #[test]
    fn orders_like_releases() {
        assert!(version("1.32.0-gke.1000000") < version("1.32.2-gke.1652000"));
        assert!(version("1.9.0-gke.1") < version("1.32.0-gke.0"));
        assert!(version("1.34") == GkeVersion::ORDER_FREE);
        assert!(version("1.33.4-gke.1035000") < GkeVersion::ORDER_FREE);
    }

    #[test]
    fn refuses_what_is_not_a_version() {
        for text in
            ["", "1", "v1.32", "1.32.0-gke", "1.32-gke.5", "1.32.0.1", "1.+2.0", "latest", "1.32.0-eks.1"]
        {
            assert!(text.parse::<GkeVersion>().is_err(), "{text}");
        }
    }
}
