//! Locations in a document: JSON pointers (RFC 6901), built only when something is reported.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A location in a document, as a chain of borrowed segments up to the root. Traversal does not allocate.
#[derive(Clone, Copy)]
pub struct At<'p> {
    parent: Option<&'p At<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Pointer(&'p str),
    Key(&'p str),
    Index(usize),
}

impl<'p> At<'p> {
    /// Returns the location of `pointer`.
    #[must_use]
    pub fn pointer_to(pointer: &'p str) -> Self {
        At { parent: None, step: Step::Pointer(pointer) }
    }

    /// Returns the location of a key in this map.
    #[must_use]
    pub fn key(&'p self, key: &'p str) -> Self {
        At { parent: Some(self), step: Step::Key(key) }
    }

    /// Returns the location of an item in this list.
    #[must_use]
    pub fn index(&'p self, index: usize) -> Self {
        At { parent: Some(self), step: Step::Index(index) }
    }

    /// Returns the name of the value in messages: the last key of its path.
    #[must_use]
    pub fn called(&self) -> String {
        match (self.step, self.parent) {
            (Step::Key(key), _) => format!("`{key}`"),
            (Step::Pointer(pointer), _) => match pointer.rsplit('/').next() {
                Some(key) if !key.is_empty() => format!("`{key}`"),
                _ => "the document".to_owned(),
            },
            (Step::Index(_), Some(At { step: Step::Key(list), .. })) => format!("an item of `{list}`"),
            (Step::Index(_), _) => "an item".to_owned(),
        }
    }

    /// Returns the JSON pointer of the location.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = self.parent.map(At::pointer).unwrap_or_default();
        match self.step {
            Step::Pointer(root) => pointer.push_str(root),
            Step::Key(key) => push_key(&mut pointer, key),
            Step::Index(index) => push_index(&mut pointer, index),
        }
        pointer
    }
}

/// Appends `/key`, escaped.
pub fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(c),
        }
    }
}

/// Decodes a segment of a pointer.
#[must_use]
pub fn unescape(step: &str) -> Cow<'_, str> {
    if step.contains('~') { step.replace("~1", "/").replace("~0", "~").into() } else { step.into() }
}

fn push_index(pointer: &mut String, index: usize) {
    // Writing to a string cannot fail.
    let _ = write!(pointer, "/{index}");
}
