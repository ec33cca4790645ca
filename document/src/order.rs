//! Sorting with little code.

use std::collections::BinaryHeap;

/// Sorts items. Lists are short or sorted once, at load; a heap needs a tenth of the code that the standard sort adds
/// to the Wasm module for each type. A sorted list with a binary search also replaces ordered maps, which add two to five
/// kilobytes for each type.
#[must_use]
pub fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}
