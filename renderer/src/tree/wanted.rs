//! A tree with only portable paths.

use std::collections::BTreeMap;

use super::{Input, Tree};
use crate::Digest;
use crate::lock::{Lock, MOST_FILES, unfit_input};
use crate::output_path::{Collision, collision, unfit};
use hallpass_document::Diagnostic;

pub(crate) struct Wanted<'t> {
    pub(crate) head: &'t str,
    pub(crate) files: BTreeMap<&'t str, &'t str>,
    /// The text of the lock file.
    pub(crate) lock: String,
}

impl<'t> Wanted<'t> {
    /// # Errors
    /// A path that is not portable, or two files with the same path.
    pub(crate) fn new(tree: &Tree<'t>) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        if tree.files.len().max(tree.allowlists.len()) > MOST_FILES {
            faults.push(Diagnostic::of_file("", format!("a tree has at most {MOST_FILES} files")));
        }
        for file in tree.files {
            faults.extend(unfit(&file.path).map(|reason| bad_path(&file.path, &reason)));
        }
        for Input { path, .. } in tree.allowlists {
            let fault =
                |reason: String| Diagnostic::of_file("", format!("the path of allowlist `{path}` {reason}"));
            faults.extend(unfit_input(path).map(fault));
        }
        if let Some(found) = collision(tree.files.iter().map(|file| file.path.as_str())) {
            faults.push(collides(&found));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let lock = Lock {
            allowlists: tree.allowlists.iter().map(|input| (input.path.clone(), input.digest)).collect(),
            files: tree.files.iter().map(|f| (f.path.clone(), Digest::of(f.contents.as_bytes()))).collect(),
        };
        Ok(Wanted {
            head: tree.head,
            files: tree.files.iter().map(|file| (file.path.as_str(), file.contents.as_str())).collect(),
            lock: lock.text(tree.first_line),
        })
    }
}

fn bad_path(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::of_file("", format!("output path `{path}` {reason}"))
        .help("give the cluster another path in the fleet")
}

fn collides(found: &Collision) -> Diagnostic {
    let message = match found {
        Collision::Twice(path) => format!("two outputs have the same path `{path}`"),
        Collision::Case(one, other) => {
            format!("outputs `{one}` and `{other}` are the same file on file systems that ignore case")
        }
        Collision::Folder(file, below) => {
            format!("output `{file}` is a file, but `{below}` needs a folder with that name")
        }
    };
    Diagnostic::of_file("", message).help("give one of the clusters another path in the fleet")
}
