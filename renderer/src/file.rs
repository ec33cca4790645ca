//! What rendering makes: files, not yet on any disk.

/// One file of a rendered tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Where it goes, relative to the root of the tree, with `/` between its parts on every machine. Never absolute,
    /// never with `..`.
    pub path: String,
    /// All of it, in UTF-8, with a line feed at its end.
    pub contents: String,
}
