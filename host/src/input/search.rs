//! Finds the manifests in a folder.

use std::path::Path;

use walkdir::WalkDir;

use super::roots::Roots;
use super::{Input, Selected, not_utf8, plain};
use crate::output::Problem;

pub(super) fn search(folder: &Path, roots: &mut Roots, selected: &mut Selected) {
    let root = super::real(folder);
    let before = selected.inputs.len();
    let above = roots.above(folder) | roots.above(&root);
    // The depth of the folder that must be built first, while the search is in it.
    let mut waiting: Option<usize> = None;
    let mut waited = above;
    let mut is_refused = false;
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).display().to_string();
                let reason = error.io_error().map_or_else(|| error.to_string(), plain);
                selected.errors.push(Problem::new(&path, format!("cannot be read: {reason}")));
                continue;
            }
        };
        let path = entry.path();
        let kind = entry.file_type();
        waiting = waiting.filter(|&depth| entry.depth() > depth);
        if (entry.depth() == 0 || kind.is_dir()) && roots.find(path) {
            waiting = waiting.or(Some(entry.depth()));
            waited = true;
        }
        if above || waiting.is_some() {
            continue;
        }
        if entry.depth() == 0 || kind.is_dir() || !(kind.is_symlink() || is_manifest(path)) {
            continue;
        }
        let name = path.display().to_string();
        if path.to_str().is_none() && is_manifest(path) {
            selected.errors.push(not_utf8(&name));
            is_refused = true;
        } else if !kind.is_symlink() && !kind.is_file() {
            // Reading a pipe or a device could block forever.
            selected
                .errors
                .push(Problem::new(&name, "is not a regular file").help("pass it explicitly to read it"));
        } else if kind.is_symlink() {
            follow(&name, path, &root, selected);
        } else {
            selected.inputs.push(Input::file(name, path.to_path_buf(), false));
        }
    }
    if above || roots.enter(folder) {
        selected.unbuilt.push(folder.to_path_buf());
    } else if selected.inputs.len() == before && !waited && !is_refused {
        selected.barren.push(
            Problem::new(&folder.display().to_string(), "the folder contains no manifests")
                .help("manifests end in .yaml, .yml or .json"),
        );
    }
}

/// A link that stays inside the folder leads to a file that is found anyway, or is read under the link's name. A link
/// that leaves the folder is reported and not followed: a pull request can add links, and their target could be a file
/// that its author may not read.
fn follow(name: &str, path: &Path, root: &Path, selected: &mut Selected) {
    let Ok(target) = path.canonicalize() else {
        if is_manifest(path) {
            selected.errors.push(Problem::new(name, "a broken link").help("fix or remove it"));
        }
        return;
    };
    // A file with neither name would not be read, so a link to it is not followed.
    if !(target.is_dir() || is_manifest(&target) || is_manifest(path)) {
        return;
    }
    if !target.starts_with(root) {
        selected.errors.push(leads_out(name));
    } else if !target.is_dir() && !is_manifest(&target) {
        selected.inputs.push(Input::file(name.to_owned(), path.to_path_buf(), false));
    }
}

/// An error, because the target of the link is not evaluated.
fn leads_out(name: &str) -> Problem {
    Problem::new(name, "a link that leads out of the folder, which is not followed")
        .help("pass its target on the command line, or remove it")
}

/// Accepts all files that `kubectl -f FOLDER` reads, including a name that consists only of the extension
/// (`Path::extension` returns none for it). Upper-case extensions, which kubectl ignores, are also accepted.
pub(crate) fn is_manifest(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending
        .is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}
