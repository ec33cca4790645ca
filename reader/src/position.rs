//! W6: positions of nodes, in a flat table next to the tree, and the cursor that counts lines and columns.

use std::sync::Arc;

use hallpass_document::{Position, Value, unescape};

use crate::shown::clamp;

/// The position of a key or value. The entries for the children of a map or list are adjacent: key, value, key, value
/// in a map; item, item in a list. So a lookup never traverses a subtree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) spot: Position,
    /// One more than the index of the anchor's name if the node comes from an alias; otherwise 0. Everything below such
    /// a node has the same position, and `children` is unused.
    pub(crate) anchor: u32,
    /// The index of the first child.
    pub(crate) children: u32,
}

impl Place {
    pub(crate) fn new(spot: Position) -> Self {
        Place { spot, anchor: 0, children: 0 }
    }
}

/// The positions in a document. Parts of a document share its table.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) root: Place,
    pub(crate) table: Arc<Vec<Place>>,
}

/// The result of a lookup.
pub(crate) struct Found {
    pub(crate) value: Place,
    /// The key of the value, if it is in a map.
    pub(crate) key: Option<Place>,
    pub(crate) exact: bool,
}

impl Places {
    /// Moves every position.
    pub(crate) fn shift(&mut self, lines: u32, columns: u32) {
        for place in Arc::make_mut(&mut self.table).iter_mut().chain([&mut self.root]) {
            place.spot.shift(lines, columns);
        }
    }

    /// Follows `pointer` as far as possible.
    pub(crate) fn find(&self, root: &Value<'_>, pointer: &str) -> Found {
        let mut found = Found { value: self.root, key: None, exact: true };
        let mut node = root;
        let mut steps = pointer.split('/');
        if steps.next() != Some("") {
            return Found { exact: false, ..found };
        }
        for step in steps {
            let Some((child, offset)) = step_into(node, step) else {
                return Found { exact: false, ..found };
            };
            node = child;
            if found.value.anchor != 0 {
                continue;
            }
            let at = |offset: usize| self.table.get(found.value.children as usize + offset).copied();
            let (key, value) = match offset {
                Offset::Item(index) => (None, at(index)),
                Offset::Field(index) => (at(index * 2), at(index * 2 + 1)),
            };
            let Some(value) = value else { return Found { exact: false, ..found } };
            found = Found { value, key, exact: true };
        }
        found
    }
}

/// Returns the value at `pointer`.
pub(crate) fn follow<'v, 'a>(root: &'v Value<'a>, pointer: &str) -> Option<&'v Value<'a>> {
    let mut steps = pointer.split('/');
    if steps.next() != Some("") {
        return None;
    }
    steps.try_fold(root, |node, step| step_into(node, step).map(|(child, _)| child))
}

enum Offset {
    Item(usize),
    Field(usize),
}

fn step_into<'v, 'a>(node: &'v Value<'a>, step: &str) -> Option<(&'v Value<'a>, Offset)> {
    match node {
        Value::Map(fields) => {
            let name = unescape(step);
            let index = fields.iter().position(|(key, _)| *key == name)?;
            fields.get(index).map(|(_, value)| (value, Offset::Field(index)))
        }
        Value::List(items) => {
            let plain = step == "0" || (!step.starts_with('0') && step.bytes().all(|b| b.is_ascii_digit()));
            let index = step.parse().ok().filter(|_| plain)?;
            items.get(index).map(|value| (value, Offset::Item(index)))
        }
        _ => None,
    }
}

/// Appends a segment to a JSON pointer.
pub(crate) fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    for c in step.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// A cursor that tracks line and column, in one pass.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    pub(crate) at: usize,
    line: usize,
    column: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Cursor { bytes: text.as_bytes(), at: 0, line: 1, column: 1 }
    }

    /// Returns a cursor at byte `at` of `text`, which is at position `spot`.
    pub(crate) fn starting(text: &'a str, at: usize, spot: Position) -> Self {
        Cursor { bytes: text.as_bytes(), at, line: spot.line as usize, column: spot.column as usize }
    }

    /// Moves forward to byte `to`.
    pub(crate) fn advance(&mut self, to: usize) {
        for (offset, &byte) in self.bytes.get(self.at..to).unwrap_or_default().iter().enumerate() {
            let lone_return = byte == b'\r' && self.bytes.get(self.at + offset + 1) != Some(&b'\n');
            if byte == b'\n' || lone_return {
                self.line += 1;
                self.column = 1;
            } else if !is_continuation(byte) {
                self.column += 1;
            }
        }
        self.at = self.at.max(to);
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(crate) fn spot(&self, width: usize) -> Position {
        Position { line: clamp(self.line), column: clamp(self.column), width: clamp(width) }
    }
}

/// Whether a byte continues a UTF-8 character.
pub(crate) fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}
