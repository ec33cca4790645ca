//! A document and the positions of its nodes.

use std::sync::Arc;

use hallpass_document::{Diagnostic, Position, Value};

use crate::position::{Place, Places, follow};

/// A document: its tree, and the position of every key and value.
#[derive(Debug)]
pub struct Document<'a> {
    pub(crate) root: Value<'a>,
    pub(crate) places: Places,
    /// The anchor names to which `Place::anchor` refers.
    pub(crate) anchors: Arc<[&'a str]>,
    pub(crate) duplicates: Vec<Diagnostic>,
    pub(crate) index: usize,
    pub(crate) template: Option<&'a str>,
}

/// A position in the file. Lines and columns count from 1; columns count Unicode scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'d> {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The width of the value in columns; 0 for a map, a list, or a value with several lines.
    pub width: u32,
    /// The anchor through which the value is used here, if the position is that of an alias.
    pub anchor: Option<&'d str>,
    /// Whether the pointer leads to a node. Otherwise, this is its nearest existing ancestor.
    pub exact: bool,
}

impl Location<'_> {
    /// The position alone.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { line: self.line, column: self.column, width: self.width }
    }
}

impl<'a> Document<'a> {
    /// Returns the tree.
    #[must_use]
    pub fn root(&self) -> &Value<'a> {
        &self.root
    }

    /// Returns the duplicate keys that do not matter to the caller of
    /// [`read_with_duplicates`](crate::read_with_duplicates). The last value counts, as in kubectl; other parsers use
    /// the first, or reject the document.
    #[must_use]
    pub fn duplicates(&self) -> &[Diagnostic] {
        &self.duplicates
    }

    /// Returns the number of documents before this one, not counting empty documents.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the path of the template that Helm rendered to this document: `agent/templates/daemonset.yaml`.
    #[must_use]
    pub fn template(&self) -> Option<&'a str> {
        self.template
    }

    /// Returns the line of the root.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.places.root.spot.line
    }

    /// Returns the position of the value at a JSON pointer.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Location<'_> {
        let found = self.places.find(&self.root, pointer);
        self.location(found.value, found.exact)
    }

    /// Returns the value at a JSON pointer.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value<'a>> {
        follow(&self.root, pointer)
    }

    /// Returns the position of the key of the value at a JSON pointer (or at its nearest existing ancestor), or of the
    /// value itself if it has no key.
    #[must_use]
    pub fn locate_key(&self, pointer: &str) -> Location<'_> {
        let found = self.places.find(&self.root, pointer);
        self.location(found.key.unwrap_or(found.value), found.exact)
    }

    /// Returns the value at a JSON pointer as a document, with its positions in this file.
    #[must_use]
    pub fn part(&self, pointer: &str) -> Option<Document<'a>> {
        let root = self.get(pointer)?.clone();
        let places = Places { root: self.places.find(&self.root, pointer).value, ..self.places.clone() };
        Some(Document {
            root,
            places,
            anchors: self.anchors.clone(),
            duplicates: Vec::new(),
            index: 0,
            template: None,
        })
    }

    /// Moves every position, for a document that is a block of text in another file.
    #[must_use]
    pub fn shifted(mut self, lines: u32, columns: u32) -> Self {
        self.places.shift(lines, columns);
        for duplicate in &mut self.duplicates {
            duplicate.shift(lines, columns);
        }
        self
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
