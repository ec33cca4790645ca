//! How the work on files is distributed over threads, which this crate does not start.

/// Converts many items, each on its own.
pub trait Each {
    /// Converts every item, and returns the results in the order of the items.
    fn each<T: Send, R: Send>(&self, items: Vec<T>, convert: impl Fn(T) -> R + Send + Sync) -> Vec<R>;
}

/// One after the other.
#[derive(Clone, Copy, Debug)]
pub struct InTurn;

impl Each for InTurn {
    fn each<T: Send, R: Send>(&self, items: Vec<T>, convert: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
        items.into_iter().map(convert).collect()
    }
}
