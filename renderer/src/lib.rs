//! From one `Fleet` to the manifests that install partner allowlists from Git, in order, or forbid them.

mod file;
pub mod object;

pub use file::File;
pub use object::Object;
