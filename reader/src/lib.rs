//! Reads manifests like kubectl, with the position of every node.
//!
//! Converts bytes to documents, without files, clocks or threads. YAML is parsed like go-yaml v2 and sigs.k8s.io/yaml
//! (YAML 1.1: `yes` is true, `0644` is 420), JSON as JSON. Where those silently accept a mistake, such as a duplicate
//! key that a rule reads, this reader returns an error.
//!
//! ```
//! use hallpass_document::Value;
//!
//! let manifest = b"kind: Pod\nspec:\n  hostPID: yes\n";
//! let document = hallpass_reader::read(manifest).next().unwrap().unwrap();
//! assert_eq!(document.root().get("spec").and_then(|spec| spec.get("hostPID")), Some(&Value::Bool(true)));
//! let place = document.locate("/spec/hostPID");
//! assert_eq!((place.line, place.column, place.width), (3, 12, 3));
//! ```

mod document;
mod helm;
mod json;
mod position;
mod shown;
mod stream;
mod suggest;
mod text;
mod tree;
mod yaml;

use hallpass_document::Value;

pub use document::{Document, Location};
pub use stream::Documents;

/// Reads the documents of a file one by one.
#[must_use]
pub fn read(bytes: &[u8]) -> Documents<'_> {
    read_with_limits(bytes, Limits::default())
}

/// Reads the documents of a file one by one, with custom limits.
#[must_use]
pub fn read_with_limits(bytes: &[u8], limits: Limits) -> Documents<'_> {
    Documents::new(bytes, limits, |_, _| true)
}

/// Reads the documents of a file one by one. A duplicate key is an error only where it `matters`, a function of the
/// document's root and the JSON pointer to the key. Other duplicate keys are in [`Document::duplicates`].
#[must_use]
pub fn read_with_duplicates(bytes: &[u8], matters: fn(&Value<'_>, &str) -> bool) -> Documents<'_> {
    const DUPLICATES: usize = 100;
    Documents::new(bytes, Limits { duplicates: DUPLICATES, ..Limits::default() }, matters)
}

/// Reads the documents of a file that only hallpass reads, such as a profile. In it, a document that starts with `{`
/// may be YAML.
#[must_use]
pub fn read_settings(bytes: &[u8]) -> Documents<'_> {
    read_with_limits(bytes, Limits { braces_may_be_yaml: true, ..Limits::default() })
}

/// The limits of a document. The maximum depth is not configurable: see `hallpass_document::MAX_DEPTH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The maximum number of nodes that aliases may add to a document. In a document of several megabytes, the limit
    /// grows with its size.
    pub alias_nodes: usize,
    /// The maximum number of duplicate keys in a document, where no rule reads them.
    pub(crate) duplicates: usize,
    /// Whether a document that starts with `{` may be YAML, because kubectl never reads it.
    pub(crate) braces_may_be_yaml: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { alias_nodes: 100_000, duplicates: 0, braces_may_be_yaml: false }
    }
}
