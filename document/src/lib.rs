//! The types that all inputs share: the document tree, JSON pointers into it, and faults.

mod diagnostic;
mod diagnostics;
mod members;
mod order;
mod places;
mod pointer;
mod sha256;
mod spelling;
mod value;
mod visible;
mod words;

pub use diagnostic::{Code, Diagnostic, Position};
pub use diagnostics::Diagnostics;
pub use members::Members;
pub use order::sorted;
pub use places::Places;
pub use pointer::{At, push_key, unescape};
pub use sha256::{sha256_from_hex, sha256_to_hex};
pub use spelling::{did_you_mean, nearest};
pub use value::{JsonError, MAX_DEPTH, OtherNumber, Value, from_json};
pub use visible::{is_hidden, push_visible, visible};
pub use words::{counted, listed};
