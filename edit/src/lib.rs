//! Changes values in a YAML or JSON file, and keeps every other byte; writes values as YAML.
//!
//! ```
//! use hallpass_document::Value;
//! use hallpass_edit::Editor;
//!
//! let file = b"image: 'nginx:1' # pinned below\nname: a\n";
//! let document = hallpass_reader::read(file).next().unwrap().unwrap();
//! let mut editor = Editor::new(file).unwrap();
//! editor.set(&document, "/image", &Value::String("nginx:2".into())).unwrap();
//! assert_eq!(editor.finish(), "image: 'nginx:2' # pinned below\nname: a\n");
//! ```

mod add;
mod comments;
mod editor;
mod edits;
mod further;
mod node;
mod refusal;
mod remove;
mod scalar;
mod set;
mod text;
mod yaml;

pub use editor::Editor;
pub use refusal::Refusal;
pub use scalar::inline;
pub use yaml::{yaml, yaml_with};
