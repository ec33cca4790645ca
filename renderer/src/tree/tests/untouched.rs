//! Files that a run does not touch.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use super::support::{files, put, render, snapshot, tree, tree_of, written};
use crate::tree::{Action, LOCK, Written, write};

#[test]
fn unchanged_files_keep_their_inode_and_time() {
    let out = written(&[("a.yaml", "1\n"), ("b/b.yaml", "1\n")]);
    let state = |name: &str| {
        let metadata = fs::metadata(out.path().join(name)).expect("a file");
        (metadata.ino(), metadata.mtime_nsec(), metadata.ctime_nsec())
    };
    let all = || ["", "a.yaml", "b", "b/b.yaml", LOCK].map(state);
    let before = all();
    let done = render(&out, &[("b/b.yaml", "1\n"), ("a.yaml", "1\n")]).expect("a clean run");
    assert_eq!(done, Written { unchanged: 3, ..Written::default() });
    assert_eq!(all(), before, "a run with nothing to do does not even touch the folder");

    render(&out, &[("b/b.yaml", "1\n"), ("a.yaml", "2\n")]).expect("a clean run");
    assert_eq!([state("b"), state("b/b.yaml")], [before[2], before[3]]);
    assert_ne!(state("a.yaml"), before[1]);
}

#[test]
fn a_run_tells_what_it_did() {
    let out = written(&[("a", "1\n"), ("b", "1\n"), ("c", "1\n")]);
    let done = render(&out, &[("a", "1\n"), ("b", "2\n"), ("d", "1\n")]).expect("a clean run");
    let changes =
        [("b", Action::Replace), ("d", Action::Create), ("c", Action::Remove), (LOCK, Action::Replace)];
    let changes = changes.map(|(path, action)| (path.to_owned(), action)).to_vec();
    assert_eq!(done, Written { changes, unchanged: 1, interrupted: false });
}

#[test]
fn only_folders_that_the_run_empties_go() {
    let out = written(&[("a/b/c/gone", "1\n"), ("d/gone", "1\n"), ("e/gone", "1\n")]);
    put(&out, "d/own", "mine");
    fs::create_dir(out.path().join("e/empty")).expect("a folder");
    fs::create_dir(out.path().join("empty")).expect("a folder");
    render(&out, &[]).expect("a clean run");
    let left: Vec<_> = tree_of(out.path()).into_keys().collect();
    assert_eq!(left, ["d", "d/own", "e", "e/empty", "empty", LOCK]);
}

#[test]
fn a_folder_that_does_not_exist_is_made_unless_the_tree_is_refused() {
    let above = tempfile::tempdir().expect("a temporary folder");
    let out = above.path().join("deep/out");
    let one = files(&[("a", "1\n")]);
    write(&out, &tree(&one)).expect("a clean run");
    assert_eq!(snapshot(&out).len(), 2);

    let blocked = above.path().join("deep/out/a/out");
    assert!(write(&blocked, &tree(&one)).is_err());
    assert!(write(&out.join("new/sub"), &tree(&files(&[("a/..", "1\n")]))).is_err());
    assert_eq!(snapshot(&out).len(), 2);
}
