//! Anchors and the values of their aliases, within a limit.

use std::borrow::Cow;

use hallpass_document::Value;

/// The anchors of a document.
#[derive(Default)]
pub(super) struct Anchors<'a> {
    /// Indexed by the parser's anchor number minus one.
    names: Vec<&'a str>,
    values: Vec<Option<Anchored<'a>>>,
    /// The number of nodes that may still be copied.
    left: usize,
}

struct Anchored<'a> {
    value: Value<'a>,
    size: Size,
}

/// The cost of a copy, and its depth.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    height: usize,
}

/// Why an alias has no value.
pub(super) enum Refusal {
    /// The alias is inside the node that it refers to.
    Itself,
    /// The document would become too large.
    TooLarge,
    /// The document would be nested too deeply.
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

    /// Records an anchor at the start of its node.
    pub(super) fn start(&mut self, id: usize, name: &'a str) {
        if self.names.len() < id {
            self.names.resize(id, "");
            self.values.resize_with(id, || None);
        }
        if let Some(slot) = self.names.get_mut(id.saturating_sub(1)) {
            *slot = name;
        }
    }

    /// Stores the value of an anchor at the end of its node. Returns false if the value alone is too large: nested
    /// anchors are copied once per level.
    pub(super) fn finish(&mut self, id: usize, value: &Value<'a>) -> bool {
        let size = measure(value);
        let fits = self.spend(size);
        if fits && let Some(slot) = self.values.get_mut(id.saturating_sub(1)) {
            *slot = Some(Anchored { value: value.clone(), size });
        }
        fits
    }

    /// Returns the value of an alias, if it fits into `room` levels of nesting.
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

    /// Does not count the node for which an alias or an anchor is written, because it is part of the document's text.
    fn spend(&mut self, size: Size) -> bool {
        match self.left.checked_sub(size.nodes.saturating_sub(1)) {
            Some(left) => self.left = left,
            None => return false,
        }
        true
    }
}

/// Counts nodes, plus the cost of strings that must be copied. The height of a tree is limited.
fn measure(value: &Value<'_>) -> Size {
    match value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::OtherNumber(_) => Size { nodes: 1, height: 0 },
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

/// Returns the cost of copying a string, in nodes: zero if it is borrowed.
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
