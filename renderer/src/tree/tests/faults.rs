//! Wherever an operation fails: no file is half written, nothing but the tree is touched, `check` reports the state,
//! and the next run completes its tree.
//!
//! Each test injects a fault at every single operation of a run. The operations are counted, so a new operation
//! automatically becomes a case.
//! operation gains a case.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::faulty::{Faulty, Trouble};
use super::support::{
    HALF, Snapshot, files, folder, is_incomplete, put, shown, snapshot, tree, tree_of, wanted,
};
use crate::tree::state::STATE;
use crate::tree::{Written, check, write_to};

/// Files that are kept, changed and removed, and that leave folders empty, in folders with the user's own files.
const OLD: &[(&str, &str)] = &[
    ("clusters/prod/change.yaml", "old: 1\n"),
    ("clusters/prod/keep.yaml", "keep: 1\n"),
    ("clusters/stage/deep/gone.yaml", "gone: 1\n"),
    ("clusters/user/gone.yaml", "gone: 2\n"),
    ("shrinks.yaml", "a long text that becomes shorter\n"),
];

const NEW: &[(&str, &str)] = &[
    ("added/deep/new.yaml", "new: 1\n"),
    ("clusters/prod/added.yaml", "new: 2\n"),
    ("clusters/prod/change.yaml", "new: 3\n"),
    ("clusters/prod/keep.yaml", "keep: 1\n"),
    ("shrinks.yaml", "\n"),
];

/// The fleet at the time of the next run.
const THIRD: &[(&str, &str)] =
    &[("clusters/prod/change.yaml", "third: 1\n"), ("clusters/third/added.yaml", "third: 2\n")];

/// Returns a folder in memory where possible: a disk would sync every rename.
pub(super) fn fast_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a temporary folder")
}

fn old() -> TempDir {
    let out = fast_folder();
    render(&out, OLD).expect("a clean run");
    put(&out, "clusters/user/own.txt", "the user's own\n");
    fs::create_dir(out.path().join("clusters/empty")).expect("a folder");
    out
}

/// Returns the contents of a folder after a clean run.
fn whole(contents: &[(&str, &str)]) -> Snapshot {
    let out = old();
    render(&out, contents).expect("a clean run");
    snapshot(out.path())
}

/// A clean run that does not wait for the disk.
pub(super) fn render(out: &TempDir, contents: &[(&str, &str)]) -> Result<Written, String> {
    run(out, contents, Trouble::Never, 0).1
}

pub(super) fn run(
    out: &TempDir,
    contents: &[(&str, &str)],
    fault: Trouble,
    at: usize,
) -> (bool, Result<Written, String>, usize) {
    let files = files(contents);
    let disk = Faulty::new(folder(out.path()), fault, at);
    let result = write_to(&disk, &wanted(&files)).map_err(|faults| shown(&faults));
    (disk.happened(), result, disk.steps())
}

/// Returns the number of operations in a run from `OLD` to `NEW`.
fn steps() -> usize {
    let (_, result, steps) = run(&old(), NEW, Trouble::Never, 0);
    result.expect("a clean run");
    steps
}

/// Every file is as in one of the trees, and the files that all trees have exist.
pub(super) fn assert_no_file_is_half_written(left: &Snapshot, trees: &[&Snapshot], context: &str) {
    for (path, bytes) in left {
        assert!(trees.iter().any(|tree| tree.get(path) == Some(bytes)), "{context}: {path} holds {bytes:?}");
    }
    for path in trees[0].keys().filter(|path| trees.iter().all(|tree| tree.contains_key(*path))) {
        assert!(left.contains_key(path), "{context}: {path} is not there");
    }
}

/// Checks that a run completes the tree and reports whether it was incomplete.
pub(super) fn assert_next_run_completes(
    out: &TempDir,
    contents: &[(&str, &str)],
    expected: &Snapshot,
    context: &str,
) {
    let incomplete = is_incomplete(out);
    let checked =
        check(out.path(), &tree(&files(contents))).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
    assert_eq!(checked.interrupted, incomplete, "{context}");
    assert!(checked.out_of_date() || tree_of(out.path()) == *expected, "{context}");
    let written = render(out, contents).unwrap_or_else(|shown| panic!("{context}: {shown}"));
    assert_eq!(written.interrupted, incomplete, "{context}");
    assert_eq!(&snapshot(out.path()), expected, "{context}");
}

#[test]
fn a_run_has_enough_steps_for_these_tests_to_mean_something() {
    assert!(steps() > 60, "{}", steps());
    let new = whole(NEW);
    assert!(new.contains_key("clusters/empty") && new.contains_key("clusters/user/own.txt"));
    assert!(!new.contains_key("clusters/stage") && !new.contains_key(STATE));
}

#[test]
fn after_a_fault_anywhere_the_next_run_completes_its_tree() {
    let (before, after) = (whole(OLD), whole(NEW));
    let next = [(NEW, after.clone()), (OLD, before.clone()), (THIRD, whole(THIRD))];
    let (mut failed, mut half_written, mut without_trace) = (0, 0, 0);
    for (fault, help) in [
        (Trouble::Fails, ""),
        (Trouble::FailsDone, ""),
        (Trouble::Dies, ""),
        (Trouble::DiesDone, ""),
        (Trouble::Fills, "free some space on the disk"),
        (Trouble::Denies, "check the mode and owner"),
    ] {
        for (at, (contents, expected)) in (0..steps()).flat_map(|at| next.iter().map(move |next| (at, next)))
        {
            let out = old();
            let (happened, result, _) = run(&out, NEW, fault, at);
            let context = format!("{fault:?} at {at}: {result:?}");
            assert!(happened, "{context}");
            let left = tree_of(out.path());
            assert_no_file_is_half_written(&left, &[&before, &after], &context);
            match &result {
                Ok(_) => assert!(left == after && !is_incomplete(&out), "{context}"),
                Err(shown) => {
                    failed += 1;
                    assert!(shown.contains(help), "{context}");
                    assert!(left == before || left == after || is_incomplete(&out), "{context}");
                    assert!(shown.ends_with(HALF) || !is_incomplete(&out), "{context}");
                    without_trace += usize::from(fault == Trouble::Fills && snapshot(out.path()) == before);
                }
            }
            half_written += usize::from(left != before && left != after);
            assert_next_run_completes(&out, contents, expected, &context);
        }
    }
    assert!(failed > 6 * steps(), "only {failed} failures were reported");
    assert!(half_written > 3 * steps(), "{half_written}");
    assert!(without_trace > 30, "nothing is changed while there is room for the new files: {without_trace}");
}

#[test]
fn an_edit_after_an_interrupted_run_is_reported_and_kept() {
    let mut incomplete = 0;
    for at in 0..steps() {
        let out = old();
        let _ = run(&out, NEW, Trouble::Dies, at);
        incomplete += usize::from(is_incomplete(&out));
        put(&out, "shrinks.yaml", "mine\n");
        let left = tree_of(out.path());
        for contents in [NEW, OLD, THIRD] {
            let shown = render(&out, contents).expect_err("a clash");
            assert!(shown.contains("changed by hand since hallpass wrote it"), "{at}: {shown}");
            assert_eq!(shown.ends_with(HALF), is_incomplete(&out), "{at}: {shown}");
            let checked = check(out.path(), &tree(&files(contents))).expect("no fault");
            let clashes: Vec<_> = checked.changes.into_iter().filter_map(|change| change.clash).collect();
            assert!(shown.starts_with(&self::shown(&clashes)), "a check says the same: {shown}");
            assert_eq!(tree_of(out.path()), left, "{at}");
        }
    }
    assert!(incomplete > 10, "{incomplete}");
}
