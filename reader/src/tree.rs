//! Builds a tree and its table of places from nodes in the order of the file, for YAML and JSON alike.

mod duplicate;
mod merge;

use std::borrow::Cow;
use std::collections::HashMap;

use hallpass_document::{MAX_DEPTH, Value};

use crate::error::{ReadError, Spot, clamp};
use crate::position::{Place, Places, push_step};
use merge::Merge;

/// Above this many keys a hash map finds a duplicate faster than a scan does.
const SCAN_LIMIT: usize = 16;

/// A finished tree with its places.
pub(crate) struct Tree<'a> {
    pub(crate) root: Value<'a>,
    pub(crate) places: Places,
    /// The keys given twice that were let pass.
    pub(crate) duplicates: Vec<ReadError>,
}

/// The maps and lists that are open, and what they hold so far.
#[derive(Default)]
pub(crate) struct Builder<'a> {
    frames: Vec<Frame<'a>>,
    /// The items of the open lists, those of the innermost last.
    items: Vec<Value<'a>>,
    /// The fields of the open maps, likewise.
    fields: Vec<(Cow<'a, str>, Value<'a>)>,
    /// The places of those items and fields, in the layout of `Places`.
    open: Vec<Place>,
    /// The places of all that is closed.
    closed: Vec<Place>,
    root: Option<(Value<'a>, Place)>,
    /// The keys given twice so far.
    duplicates: Vec<ReadError>,
    /// How many of them are let pass.
    duplicates_limit: usize,
}

struct Frame<'a> {
    expects: Expects<'a>,
    place: Place,
    /// Where its children start in `items` or `fields`.
    children: usize,
    /// Where their places start in `open`.
    places: usize,
    /// Which field has which key, once there are many.
    known: Option<HashMap<Cow<'a, str>, usize>>,
    merge: Option<Box<Merge<'a>>>,
}

enum Expects<'a> {
    /// The item of a list with this index.
    Item(usize),
    Key,
    /// The value of this key.
    Field(Cow<'a, str>),
    /// The value of a key that the map has already.
    Again {
        key: Cow<'a, str>,
        /// Where the key stands this time.
        place: Place,
        /// The index in `fields` of the field that it replaces.
        first: usize,
    },
    /// The value of a merge key.
    Merged {
        /// Where the merge key stands.
        key: Spot,
        /// How many fields there were in all before it.
        before: usize,
    },
}

impl<'a> Builder<'a> {
    /// A builder that lets so many keys be given twice.
    pub(crate) fn new(duplicates_limit: usize) -> Self {
        Builder { duplicates_limit, ..Builder::default() }
    }

    /// Whether the next node is the key of a map.
    pub(crate) fn expects_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| matches!(frame.expects, Expects::Key))
    }

    /// Whether the innermost that is open is a list.
    pub(crate) fn in_list(&self) -> bool {
        self.frames.last().is_some_and(|frame| matches!(frame.expects, Expects::Item(_)))
    }

    /// How many maps and lists are open.
    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Where the key is whose value comes next.
    pub(crate) fn current_key(&self) -> Option<Spot> {
        match self.frames.last()?.expects {
            Expects::Field(_) => self.open.last().map(|place| place.spot),
            Expects::Again { place, .. } => Some(place.spot),
            Expects::Merged { key, .. } => Some(key),
            Expects::Item(_) | Expects::Key => None,
        }
    }

    /// The JSON pointer of the node that is being read.
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

    /// An error at the node that is being read.
    pub(crate) fn error(&self, at: Spot, message: impl Into<String>) -> ReadError {
        ReadError::new(at, message).path(self.path())
    }

    pub(crate) fn open_map(&mut self, at: Spot) -> Result<(), ReadError> {
        self.open(at, Expects::Key, self.fields.len())
    }

    pub(crate) fn open_list(&mut self, at: Spot) -> Result<(), ReadError> {
        self.open(at, Expects::Item(0), self.items.len())
    }

    fn open(&mut self, at: Spot, expects: Expects<'a>, children: usize) -> Result<(), ReadError> {
        if self.depth() >= MAX_DEPTH {
            return Err(too_deep(at).path(self.path()));
        }
        self.frames.push(Frame {
            expects,
            place: Place::new(Spot { width: 0, ..at }),
            children,
            places: self.open.len(),
            known: None,
            merge: None,
        });
        Ok(())
    }

    /// Takes the key of the innermost map's next field. What is `shared` may come into other maps too.
    pub(crate) fn key(&mut self, key: Cow<'a, str>, place: Place, shared: bool) -> Result<(), ReadError> {
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

    /// Takes the value that the innermost map or list waits for, or the root.
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

    /// Closes the innermost map or list. The caller hands the node back to `value`.
    pub(crate) fn close(&mut self) -> Result<Option<(Value<'a>, Place)>, ReadError> {
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

    /// The tree, once its root is closed.
    pub(crate) fn finish(self) -> Option<Tree<'a>> {
        let (root, place) = self.root?;
        Some(Tree { root, places: Places { root: place, table: self.closed }, duplicates: self.duplicates })
    }

    /// The index in `fields` of the innermost map's field of that name.
    fn field(&mut self, key: &str) -> Option<usize> {
        let frame = self.frames.last_mut()?;
        find_field(frame, &self.fields, key)
    }
}

pub(crate) fn too_deep(at: Spot) -> ReadError {
    ReadError::new(at, format!("lists and maps are nested more than {MAX_DEPTH} deep"))
}

/// The index in `fields` of the field of `frame` that has this key.
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
