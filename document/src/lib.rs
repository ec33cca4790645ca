//! What every input of hallpass shares: the tree that a document is read into, JSON pointers to places in it,
//! and what is wrong with it.

mod fault;
mod members;
mod pointer;
mod spelling;
mod value;
mod visible;

pub use fault::{Fault, Faults};
pub use members::Members;
pub use pointer::{At, push_key, unescape};
pub use spelling::nearest;
pub use value::{JsonError, MAX_DEPTH, Value};
pub use visible::{is_hidden, push_visible, visible};
