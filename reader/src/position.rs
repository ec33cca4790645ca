//! Where nodes are: a flat table beside the tree, and the cursor that counts lines and columns.

use hallpass_document::Value;

use crate::error::{Spot, clamp};

/// Where one key or one value is. The places of the children of one map or list lie side by side:
/// key, value, key, value in a map; item, item in a list. So a lookup never steps over a subtree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) spot: Spot,
    /// One more than the index of the anchor's name, when the node came through an alias; else 0.
    /// Everything below such a node is at the same place, and `children` means nothing.
    pub(crate) anchor: u32,
    /// Where the places of the children start.
    pub(crate) children: u32,
}

impl Place {
    pub(crate) fn new(spot: Spot) -> Self {
        Place { spot, anchor: 0, children: 0 }
    }
}

/// The places of one document.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) root: Place,
    pub(crate) table: Vec<Place>,
}

/// What a lookup found.
pub(crate) struct Found {
    pub(crate) value: Place,
    /// The key that holds the value, when a map does.
    pub(crate) key: Option<Place>,
    pub(crate) exact: bool,
}

impl Places {
    /// Follows `pointer` as far as it leads.
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

/// The value that `pointer` leads to.
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
            let escaped = step.contains('~').then(|| step.replace("~1", "/").replace("~0", "~"));
            let name = escaped.as_deref().unwrap_or(step);
            let index = fields.iter().position(|(key, _)| key == name)?;
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

/// Appends one step to a JSON pointer.
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

/// A walk over text that knows its line and column; one pass, however many stops.
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

    /// A cursor at byte `at` of `text`, which is at `spot`.
    pub(crate) fn starting(text: &'a str, at: usize, spot: Spot) -> Self {
        Cursor { bytes: text.as_bytes(), at, line: spot.line as usize, column: spot.column as usize }
    }

    /// Moves to byte `to`, which is never behind.
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

    pub(crate) fn spot(&self, width: usize) -> Spot {
        Spot { line: clamp(self.line), column: clamp(self.column), width: clamp(width) }
    }
}

/// Whether a byte continues a character of UTF-8, rather than starting one.
pub(crate) fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}
