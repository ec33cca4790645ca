//! Builds a tree and its table of positions from nodes in file order, for YAML and JSON.

mod duplicate;
mod merge;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use hallpass_document::{MAX_DEPTH, Value};

use crate::position::{Place, Places, push_step};
use crate::shown::clamp;
use hallpass_document::{Diagnostic, Position};
use merge::Merge;

/// From this many keys on, a hash map finds duplicates faster than a scan.
const SCAN_LIMIT: usize = 16;

/// A finished tree with its positions.
pub(crate) struct Tree<'a> {
    pub(crate) root: Value<'a>,
    pub(crate) places: Places,
    /// The accepted duplicate keys.
    pub(crate) duplicates: Vec<Diagnostic>,
}

/// The open maps and lists, and their contents so far.
#[derive(Default)]
pub(crate) struct Builder<'a> {
    frames: Vec<Frame<'a>>,
    /// The items of the open lists; those of the innermost list are last.
    items: Vec<Value<'a>>,
    /// The fields of the open maps, in the same order.
    fields: Vec<(Cow<'a, str>, Value<'a>)>,
    /// The positions of those items and fields, in the layout of `Places`.
    open: Vec<Place>,
    /// The positions of all closed maps and lists.
    closed: Vec<Place>,
    root: Option<(Value<'a>, Place)>,
    /// The duplicate keys so far.
    duplicates: Vec<Diagnostic>,
    /// The maximum number of accepted duplicate keys.
    duplicates_limit: usize,
}

struct Frame<'a> {
    expects: Expects<'a>,
    place: Place,
    /// The index of its first child in `items` or `fields`.
    children: usize,
    /// The index of its first position in `open`.
    places: usize,
    /// The index of each key's field, if there are many.
    known: Option<HashMap<Cow<'a, str>, usize>>,
    merge: Option<Box<Merge<'a>>>,
}

enum Expects<'a> {
    /// The item of a list with this index.
    Item(usize),
    Key,
    /// The value of this key.
    Field(Cow<'a, str>),
    /// The value of a duplicate key.
    Again {
        key: Cow<'a, str>,
        /// The position of the duplicate key.
        place: Place,
        /// The index in `fields` of the field that it replaces.
        first: usize,
    },
    /// The value of a merge key.
    Merged {
        /// The position of the merge key.
        key: Position,
        /// The total number of fields before it.
        before: usize,
    },
}

impl<'a> Builder<'a> {
    /// Creates a builder that accepts this many duplicate keys.
    pub(crate) fn new(duplicates_limit: usize) -> Self {
        Builder { duplicates_limit, ..Builder::default() }
    }

    /// Whether the next node is the key of a map.
    pub(crate) fn expects_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| matches!(frame.expects, Expects::Key))
    }

    /// Whether the innermost open collection is a list.
    pub(crate) fn in_list(&self) -> bool {
        self.frames.last().is_some_and(|frame| matches!(frame.expects, Expects::Item(_)))
    }

    /// Returns the number of open maps and lists.
    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Returns the position of the key whose value comes next.
    pub(crate) fn current_key(&self) -> Option<Position> {
        match self.frames.last()?.expects {
            Expects::Field(_) => self.open.last().map(|place| place.spot),
            Expects::Again { place, .. } => Some(place.spot),
            Expects::Merged { key, .. } => Some(key),
            Expects::Item(_) | Expects::Key => None,
        }
    }

    /// Returns the JSON pointer of the current node.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for frame in &self.frames {
            match &frame.expects {
                Expects::Item(index) => push_step(&mut path, &index.to_string()),
                Expects::Field(key) | Expects::Again { key, .. } => push_step(&mut path, key),
                Expects::Merged { .. } => push_step(&mut path, "<<"),
                Expects::Key => {}
            }
        }
        path
    }

    /// Returns an error at the current node.
    pub(crate) fn error(&self, at: Position, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(at, message).path(self.path())
    }

    pub(crate) fn open_map(&mut self, at: Position) -> Result<(), Diagnostic> {
        self.open(at, Expects::Key, self.fields.len())
    }

    pub(crate) fn open_list(&mut self, at: Position) -> Result<(), Diagnostic> {
        self.open(at, Expects::Item(0), self.items.len())
    }

    fn open(&mut self, at: Position, expects: Expects<'a>, children: usize) -> Result<(), Diagnostic> {
        if self.depth() >= MAX_DEPTH {
            return Err(too_deep(at).path(self.path()));
        }
        self.frames.push(Frame {
            expects,
            place: Place::new(Position { width: 0, ..at }),
            children,
            places: self.open.len(),
            known: None,
            merge: None,
        });
        Ok(())
    }

    /// Adds the key of the innermost map's next field. A `shared` key may be copied into other maps.
    pub(crate) fn key(&mut self, key: Cow<'a, str>, place: Place, shared: bool) -> Result<(), Diagnostic> {
        if let Some(first) = self.field(&key) {
            return self.key_again(key, place, first, shared);
        }
        if let Some(frame) = self.frames.last_mut() {
            if let Some(known) = &mut frame.known {
                known.insert(key.clone(), self.fields.len());
            }
            frame.expects = Expects::Field(key);
            self.open.push(place);
        }
        Ok(())
    }

    /// Adds the value that the innermost map or list expects, or the root.
    pub(crate) fn value(&mut self, value: Value<'a>, place: Place) {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some((value, place));
            return;
        };
        match std::mem::replace(&mut frame.expects, Expects::Key) {
            Expects::Item(index) => {
                frame.expects = Expects::Item(index + 1);
                self.items.push(value);
                self.open.push(place);
            }
            Expects::Field(key) => {
                self.fields.push((key, value));
                self.open.push(place);
            }
            Expects::Again { place: key, first, .. } => {
                let places = frame.places + 2 * (first - frame.children);
                self.replace(first, places, value, [key, place]);
            }
            Expects::Merged { key, before } => {
                frame.merge = Some(Box::new(Merge { key, before, value, place }));
            }
            Expects::Key => {}
        }
    }

    /// Closes the innermost map or list. The caller passes the node to `value`.
    pub(crate) fn close(&mut self) -> Result<Option<(Value<'a>, Place)>, Diagnostic> {
        let Some(mut frame) = self.frames.pop() else { return Ok(None) };
        if let Some(merge) = frame.merge.take() {
            self.merge(&mut frame, *merge)?;
        }
        let node = match frame.expects {
            Expects::Item(_) => Value::List(self.items.drain(frame.children..).collect()),
            _ => Value::Map(self.fields.drain(frame.children..).collect()),
        };
        let children = clamp(self.closed.len());
        self.closed.extend(self.open.drain(frame.places..));
        Ok(Some((node, Place { children, ..frame.place })))
    }

    /// Returns the tree, if its root is closed.
    pub(crate) fn finish(self) -> Option<Tree<'a>> {
        let (root, place) = self.root?;
        let places = Places { root: place, table: Arc::new(self.closed) };
        Some(Tree { root, places, duplicates: self.duplicates })
    }

    /// Returns the index in `fields` of the innermost map's field with this name.
    fn field(&mut self, key: &str) -> Option<usize> {
        let frame = self.frames.last_mut()?;
        find_field(frame, &self.fields, key)
    }
}

pub(crate) fn too_deep(at: Position) -> Diagnostic {
    Diagnostic::at(at, format!("lists and maps are nested more than {MAX_DEPTH} deep"))
}

/// Returns the index in `fields` of the field of `frame` with this key.
fn find_field<'a>(frame: &mut Frame<'a>, fields: &[(Cow<'a, str>, Value<'a>)], key: &str) -> Option<usize> {
    let own = fields.get(frame.children..).unwrap_or_default();
    if own.len() < SCAN_LIMIT {
        return own.iter().position(|(known, _)| known == key).map(|index| frame.children + index);
    }
    let known = frame.known.get_or_insert_with(|| {
        let fields = own.iter().zip(frame.children..);
        fields.map(|((known, _), index)| (known.clone(), index)).collect()
    });
    known.get(key).copied()
}
