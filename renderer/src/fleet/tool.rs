//! Versions of Flux and Argo CD.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// The minor version of a tool, such as `3.2`. Patch versions add no fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ToolVersion {
    major: u32,
    minor: u32,
}

impl ToolVersion {
    pub(crate) const fn new(major: u32, minor: u32) -> Self {
        ToolVersion { major, minor }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.').map(str::parse);
        Some(ToolVersion { major: numbers.next()?.ok()?, minor: numbers.next()?.ok()? })
    }
}

impl fmt::Display for ToolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl<'de> Deserialize<'de> for ToolVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        ToolVersion::parse(&text).ok_or_else(|| serde::de::Error::custom("not a version"))
    }
}
