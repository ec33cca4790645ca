//! Changes that fix findings.

use hallpass_document::Value;

/// A change of one document. Pointers are from its root.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does: "remove the tag".
    pub title: String,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

/// One edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Replaces the value at a pointer.
    Set(String, Value<'static>),
    /// Renames the key of the value at a pointer.
    Rename(String, String),
    /// Removes the item of a list, or the field of a map.
    Remove(String),
    /// Appends an item to the list at a pointer.
    Append(String, Value<'static>),
    /// Adds a field to the map at a pointer.
    Insert(String, String, Value<'static>),
}
