//! One run at a time, even if one ends just as the next one starts.

use std::fs;
use std::io::ErrorKind::{NotFound, WouldBlock};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, OpenOptions};

use crate::tree::folder::lock;

fn opened(dir: &Dir) -> File {
    dir.open_with("running", OpenOptions::new().write(true).create(true)).expect("a file")
}

#[test]
fn a_file_that_lost_its_name_before_it_was_locked_holds_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).expect("a folder");

    let lock = |file| lock(&dir, "running", file).map_err(|error| error.kind());

    let file = opened(&dir);
    fs::remove_file(folder.path().join("running")).expect("removed");
    assert_eq!(lock(file).expect_err("no name"), NotFound);

    // A third run has created the next file and may hold it.
    let file = opened(&dir);
    fs::remove_file(folder.path().join("running")).expect("removed");
    let _next = lock(opened(&dir)).expect("a lock");
    assert_eq!(lock(file).expect_err("another name"), NotFound);
    assert_eq!(lock(opened(&dir)).expect_err("held"), WouldBlock);
}
