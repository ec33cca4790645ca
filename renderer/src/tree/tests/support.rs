//! Folders to write to, and their contents.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use tempfile::TempDir;

use crate::File;
use crate::tree::folder::Folder;
use crate::tree::state::{STATE, pending};
use crate::tree::wanted::Wanted;
use crate::tree::{Tree, Written, write};
use hallpass_document::Diagnostic;

/// A folder's files with their bytes, and its folders.
pub(super) type Snapshot = BTreeMap<String, Option<Vec<u8>>>;

pub(super) fn file(path: &str, contents: &str) -> File {
    File { path: path.to_owned(), contents: contents.to_owned() }
}

pub(super) fn files(files: &[(&str, &str)]) -> Vec<File> {
    files.iter().map(|(path, contents)| file(path, contents)).collect()
}

pub(super) fn tree(files: &[File]) -> Tree<'_> {
    Tree { first_line: "# From fleet `acme`", head: "", files, allowlists: &[] }
}

pub(super) fn wanted(files: &[File]) -> Wanted<'_> {
    Wanted::new(&tree(files)).expect("sound paths")
}

pub(super) fn folder(path: &Path) -> Folder {
    Folder::new(Dir::open_ambient_dir(path, ambient_authority()).expect("a folder"))
}

/// Returns a folder that a run has written.
pub(super) fn written(contents: &[(&str, &str)]) -> TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    render(&out, contents).expect("a clean run");
    out
}

pub(super) fn render(out: &TempDir, contents: &[(&str, &str)]) -> Result<Written, Vec<Diagnostic>> {
    write(out.path(), &tree(&files(contents)))
}

/// Returns the errors of a refused run, one line per fault.
pub(super) fn refused(out: &TempDir, contents: &[(&str, &str)]) -> String {
    let before = snapshot(out.path());
    let faults = render(out, contents).expect_err("a fault");
    assert_eq!(snapshot(out.path()), before, "a refused run changes nothing");
    shown(&faults)
}

pub(super) fn shown(faults: &[Diagnostic]) -> String {
    let line = |fault: &Diagnostic| {
        let place = fault.position.map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
        let help = fault.help.as_ref().map(|help| format!(" = {help}")).unwrap_or_default();
        format!("{}{place}: {}{help}", fault.file, fault.message)
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The error that a refused run adds if an earlier run was interrupted.
pub(super) const HALF: &str = "\n: an interrupted run has left the folder incomplete = fix the other errors and run \
                               `hallpass render` again: it completes the tree";

/// Whether a run was interrupted and is still to be completed.
pub(super) fn is_incomplete(out: &TempDir) -> bool {
    !pending(&folder(out.path())).expect("a folder").is_empty()
}

pub(super) fn snapshot(folder: &Path) -> Snapshot {
    let mut snapshot = Snapshot::new();
    add(folder, "", &mut snapshot);
    snapshot
}

/// Returns a snapshot without a run's state folder.
pub(super) fn tree_of(folder: &Path) -> Snapshot {
    let mut snapshot = snapshot(folder);
    snapshot.retain(|path, _| !path.starts_with(STATE));
    snapshot
}

fn add(folder: &Path, prefix: &str, snapshot: &mut Snapshot) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            add(&entry.path(), &format!("{path}/"), snapshot);
            snapshot.insert(path, None);
        } else if kind.is_symlink() {
            let target = fs::read_link(entry.path()).expect("a link");
            snapshot.insert(path, Some(format!("-> {}", target.display()).into_bytes()));
        } else {
            snapshot.insert(path, Some(fs::read(entry.path()).expect("a file")));
        }
    }
}

pub(super) fn put(out: &TempDir, path: &str, bytes: impl AsRef<[u8]>) {
    let path = out.path().join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, bytes).expect("a file");
}
