//! Manifests read as kubectl reads them, with the position of every node.
//!
//! Bytes in, documents out: no file, no clock, no thread. YAML is read as go-yaml v2 and sigs.k8s.io/yaml read it
//! (YAML 1.1: `yes` is true, `0644` is 420), JSON as JSON. Where those let a mistake pass in silence, such as a key
//! that is given twice and that a rule reads, this reader refuses.
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
mod error;
mod json;
mod position;
mod stream;
mod suggest;
mod text;
mod tree;
mod yaml;

use hallpass_document::Value;

pub use document::{Document, Location};
pub use error::{ErrorKind, ReadError};
pub use stream::Documents;

/// Reads the documents of a file, one at a time.
#[must_use]
pub fn read(bytes: &[u8]) -> Documents<'_> {
    read_with_limits(bytes, Limits::default())
}

/// Reads the documents of a file, one at a time, within limits other than the default ones.
#[must_use]
pub fn read_with_limits(bytes: &[u8], limits: Limits) -> Documents<'_> {
    Documents::new(bytes, limits, |_, _| true)
}

/// Reads the documents of a file, one at a time. A key given twice is an error only where it `matters`: a function of
/// the document's root and the JSON pointer to the key. Any other is among [`Document::duplicates`].
#[must_use]
pub fn read_with_duplicates(bytes: &[u8], matters: fn(&Value<'_>, &str) -> bool) -> Documents<'_> {
    const DUPLICATES: usize = 100;
    Documents::new(bytes, Limits { duplicates: DUPLICATES, ..Limits::default() }, matters)
}

/// Reads the documents of a file that hallpass alone reads, such as a profile: what begins with `{` may be YAML there.
#[must_use]
pub fn read_settings(bytes: &[u8]) -> Documents<'_> {
    read_with_limits(bytes, Limits { braces_may_be_yaml: true, ..Limits::default() })
}

/// How much a document may ask for. The depth is not among it: see `hallpass_document::MAX_DEPTH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many nodes the aliases of one document may add to those that are written. A document of megabytes may
    /// add more, in proportion to its size.
    pub alias_nodes: usize,
    /// How many keys of one document may be given twice, where no rule reads them.
    pub(crate) duplicates: usize,
    /// What begins with `{` may be YAML, as no kubectl will read it.
    pub(crate) braces_may_be_yaml: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { alias_nodes: 100_000, duplicates: 0, braces_may_be_yaml: false }
    }
}
