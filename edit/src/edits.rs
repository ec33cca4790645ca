//! The edits of a file, in the order of its text.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::refusal::Refusal;

/// Edits that do not overlap. An insertion may be at the start or the end of another edit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edits {
    texts: BTreeMap<Key, String>,
    /// The number of all edits ever added.
    added: usize,
}

/// Identifies an edit. The order of keys is that of the text; insertions at the same offset have the order in which they
/// were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    start: usize,
    end: usize,
    number: usize,
}

impl Edits {
    /// Adds an edit.
    ///
    /// # Errors
    /// The edit overlaps another one.
    pub(crate) fn add(&mut self, range: Range<usize>, new: String) -> Result<Key, Refusal> {
        // Edits do not overlap, so no edit before this one ends later.
        let until = Key { start: range.end, end: 0, number: 0 };
        let before = self.texts.range(..until).next_back();
        if before.is_some_and(|(before, _)| range.start < before.end) {
            return Err(Refusal::new("it is already changed", "run this again"));
        }
        self.added += 1;
        let key = Key { start: range.start, end: range.end, number: self.added };
        self.texts.insert(key, new);
        Ok(key)
    }

    /// Removes an edit, and returns its text.
    pub(crate) fn take(&mut self, key: Key) -> Option<String> {
        self.texts.remove(&key)
    }

    /// Restores an edit that was removed.
    pub(crate) fn put_back(&mut self, key: Key, new: String) {
        self.texts.insert(key, new);
    }

    /// Returns the ranges of all edits with their new texts, in the order of the text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Range<usize>, &str)> {
        self.texts.iter().map(|(key, new)| (key.start..key.end, new.as_str()))
    }
}
