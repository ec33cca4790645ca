//! Readers of the formats for CI, as the platforms read them. The unit tests of the formats share them.

pub(crate) mod github;
pub(crate) mod junit;
pub(crate) mod sarif;
