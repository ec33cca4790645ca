//! A document and where its nodes are.

use hallpass_document::Value;

use crate::error::ReadError;
use crate::position::{Place, Places, follow};

/// One document: its tree, and the position of every key and value of it.
#[derive(Debug)]
pub struct Document<'a> {
    pub(crate) root: Value<'a>,
    pub(crate) places: Places,
    /// The names that `Place::anchor` counts.
    pub(crate) anchors: Vec<&'a str>,
    pub(crate) duplicates: Vec<ReadError>,
    pub(crate) index: usize,
}

/// A position in the file that was read. Lines and columns count from 1, columns in Unicode scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'d> {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// How many columns the value takes on that line; 0 for a map, a list, or a value of several lines.
    pub width: u32,
    /// The anchor through which the value came here, when the position is that of an alias.
    pub anchor: Option<&'d str>,
    /// Whether the pointer leads to a node. If not, this is its nearest ancestor that exists.
    pub exact: bool,
}

impl<'a> Document<'a> {
    /// The tree.
    #[must_use]
    pub fn root(&self) -> &Value<'a> {
        &self.root
    }

    /// The keys given twice in one map that do not matter to the caller of [`read_with_duplicates`](crate::read_with_duplicates). The
    /// last value counts, as it does for kubectl; other readers take the first, or refuse the document.
    #[must_use]
    pub fn duplicates(&self) -> &[ReadError] {
        &self.duplicates
    }

    /// How many documents come before this one. Empty ones do not count.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The line where the root starts.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.places.root.spot.line
    }

    /// Where the value at a JSON pointer is.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Location<'_> {
        let found = self.places.find(&self.root, pointer);
        self.location(found.value, found.exact)
    }

    /// The value at a JSON pointer.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value<'a>> {
        follow(&self.root, pointer)
    }

    /// Where the key is that holds the value at a JSON pointer (or its nearest ancestor that exists); the
    /// value itself when no key holds it.
    #[must_use]
    pub fn locate_key(&self, pointer: &str) -> Location<'_> {
        let found = self.places.find(&self.root, pointer);
        self.location(found.key.unwrap_or(found.value), found.exact)
    }

    fn location(&self, place: Place, exact: bool) -> Location<'_> {
        let name = (place.anchor as usize).checked_sub(1).and_then(|index| self.anchors.get(index));
        Location {
            line: place.spot.line,
            column: place.spot.column,
            width: place.spot.width,
            anchor: name.copied(),
            exact,
        }
    }
}
