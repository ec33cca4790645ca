//! Anchors and what their aliases stand for, within a limit.

use std::borrow::Cow;

use hallpass_document::Value;

/// The anchors of one document.
#[derive(Default)]
pub(super) struct Anchors<'a> {
    /// By the parser's number of the anchor, less one.
    names: Vec<&'a str>,
    values: Vec<Option<Anchored<'a>>>,
    /// How many nodes may still be copied.
    left: usize,
}

struct Anchored<'a> {
    value: Value<'a>,
    size: Size,
}

/// What a copy of a value costs, and how deep it is nested.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    height: usize,
}

/// Why an alias has no value.
pub(super) enum Refusal {
    /// It stands inside the node that it is an alias of.
    Itself,
    /// It would make the document too large.
    TooLarge,
    /// It would nest the document too deep.
    TooDeep,
}

impl<'a> Anchors<'a> {
    pub(super) fn new(limit: usize) -> Self {
        Anchors { left: limit, ..Anchors::default() }
    }

    pub(super) fn into_names(self) -> Vec<&'a str> {
        self.names
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().copied()
    }

    /// Takes note of an anchor, at the start of its node.
    pub(super) fn start(&mut self, id: usize, name: &'a str) {
        if self.names.len() < id {
            self.names.resize(id, "");
            self.values.resize_with(id, || None);
        }
        if let Some(slot) = self.names.get_mut(id.saturating_sub(1)) {
            *slot = name;
        }
    }

    /// Keeps the value of an anchor, at the end of its node. False when that alone is too large: anchors nested
    /// in anchors are copied once a level.
    pub(super) fn finish(&mut self, id: usize, value: &Value<'a>) -> bool {
        let size = measure(value);
        let fits = self.spend(size);
        if fits && let Some(slot) = self.values.get_mut(id.saturating_sub(1)) {
            *slot = Some(Anchored { value: value.clone(), size });
        }
        fits
    }

    /// What an alias stands for, where `room` levels of nesting are left.
    pub(super) fn expand(&mut self, id: usize, room: usize) -> Result<Value<'a>, Refusal> {
        let stored = self.values.get(id.saturating_sub(1)).and_then(Option::as_ref);
        let size = stored.ok_or(Refusal::Itself)?.size;
        if size.height > room {
            return Err(Refusal::TooDeep);
        }
        if !self.spend(size) {
            return Err(Refusal::TooLarge);
        }
        let stored = self.values.get(id.saturating_sub(1)).and_then(Option::as_ref);
        stored.map(|stored| stored.value.clone()).ok_or(Refusal::Itself)
    }

    /// A node for which an alias or an anchor is written is not counted: the document pays for it itself.
    fn spend(&mut self, size: Size) -> bool {
        match self.left.checked_sub(size.nodes.saturating_sub(1)) {
            Some(left) => self.left = left,
            None => return false,
        }
        true
    }
}

/// Counts nodes, with as many more for strings that a copy has to copy. The height of a tree is limited.
fn measure(value: &Value<'_>) -> Size {
    match value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::OtherNumber => Size { nodes: 1, height: 0 },
        Value::String(text) => Size { nodes: 1 + copied(text), height: 0 },
        Value::List(items) => items.iter().map(measure).fold(Size { nodes: 1, height: 1 }, Size::with),
        Value::Map(fields) => fields
            .iter()
            .map(|(key, value)| {
                let size = measure(value);
                Size { nodes: size.nodes + 1 + copied(key), ..size }
            })
            .fold(Size { nodes: 1, height: 1 }, Size::with),
    }
}

/// How many nodes' worth of bytes a copy of a string copies: none when it is borrowed.
#[expect(clippy::ptr_arg, reason = "whether the string is borrowed is the question")]
fn copied(text: &Cow<'_, str>) -> usize {
    match text {
        Cow::Borrowed(_) => 0,
        Cow::Owned(text) => text.len() / size_of::<Value<'_>>(),
    }
}

impl Size {
    fn with(self, child: Size) -> Size {
        Size { nodes: self.nodes + child.nodes, height: self.height.max(child.height + 1) }
    }
}
