//! Order, in little code.

use std::collections::BinaryHeap;

/// The items, sorted. Lists here are short or sorted once, at load: a heap does, in a tenth of the code that the
/// slice's own sort adds to the Wasm module for each type.
pub(crate) fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}
