//! Distributes the work on files. This crate starts no threads, but a program may.

/// Converts many items independently of each other.
pub trait Each {
    /// Converts every item, and returns the results in the order of the items.
    fn each<T: Send, R: Send>(&self, items: Vec<T>, convert: impl Fn(T) -> R + Send + Sync) -> Vec<R>;
}

/// Converts items one after the other.
#[derive(Clone, Copy, Debug)]
pub struct InTurn;

impl Each for InTurn {
    fn each<T: Send, R: Send>(&self, items: Vec<T>, convert: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
        items.into_iter().map(convert).collect()
    }
}
