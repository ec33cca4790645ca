//! The output of rendering: files in memory.

/// One file of a rendered tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// The path relative to the root of the tree, with `/` as the separator on every system. It is never absolute and
    /// never contains `..`.
    pub path: String,
    /// The contents in UTF-8, with a line feed at the end.
    pub contents: String,
}
