//! Whatever goes wrong, and wherever: the old tree or the new one, and nothing between.
//!
//! Each test tries a fault at every single operation of a run. The steps are counted, not chosen: a run that gains an
//! operation gains a case.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::faulty::{Fault, Faulty};
use super::support::{Snapshot, files, folder, put, snapshot, told, tree_of, wanted};
use crate::tree::journal::{JOURNAL, STATE};
use crate::tree::{Written, write_to};

/// Files that stay, change, go and leave folders empty, in folders that are shared with the user's own files.
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

/// As `NEW`, but for a file that is in the way.
const CLASHES: &[(&str, &str)] = &[("clusters/user/own.txt", "not ours\n"), ("shrinks.yaml", "\n")];

/// In memory where there is such a place: disks write at once what a rename replaces.
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

fn new() -> Snapshot {
    let out = old();
    render(&out, NEW).expect("a clean run");
    snapshot(out.path())
}

/// A clean run that does not wait for the disk.
pub(super) fn render(out: &TempDir, contents: &[(&str, &str)]) -> Result<Written, String> {
    run(out, contents, Fault::Never, 0).1
}

pub(super) fn run(
    out: &TempDir,
    contents: &[(&str, &str)],
    fault: Fault,
    at: usize,
) -> (bool, Result<Written, String>, usize) {
    let files = files(contents);
    let disk = Faulty::new(folder(out.path()), fault, at);
    let result = write_to(&disk, &wanted(&files)).map_err(|faults| told(&faults));
    (disk.happened(), result, disk.steps())
}

/// How many operations a run from `OLD` to `NEW` has.
fn steps() -> usize {
    let (_, result, steps) = run(&old(), NEW, Fault::Never, 0);
    result.expect("a clean run");
    steps
}

pub(super) fn has_journal(out: &TempDir) -> bool {
    out.path().join(JOURNAL).exists()
}

fn assert_next_run_succeeds(out: &TempDir, expected: &Snapshot, context: &str) {
    render(out, NEW).unwrap_or_else(|told| panic!("{context}: {told}"));
    assert_eq!(&snapshot(out.path()), expected, "{context}");
}

#[test]
fn a_run_has_enough_steps_for_these_tests_to_mean_something() {
    assert!(steps() > 60, "{}", steps());
    let new = new();
    assert!(new.contains_key("clusters/empty") && new.contains_key("clusters/user/own.txt"));
    assert!(!new.contains_key("clusters/stage") && !new.contains_key(STATE));
}

#[test]
fn one_failure_anywhere_leaves_the_old_tree_or_the_new() {
    let (before, after) = (snapshot(old().path()), new());
    let mut failed = 0;
    for fault in [Fault::Fails, Fault::FailsDone] {
        for at in 0..steps() {
            let out = old();
            let (happened, result, _) = run(&out, NEW, fault, at);
            let context = format!("{fault:?} at {at}: {result:?}");
            assert!(happened, "{context}");
            match result {
                Ok(_) => assert_eq!(tree_of(out.path()), after, "{context}"),
                Err(_) => {
                    failed += 1;
                    assert_eq!(tree_of(out.path()), before, "{context}");
                }
            }
            assert!(!has_journal(&out), "{context}");
            assert_next_run_succeeds(&out, &after, &context);
        }
    }
    assert!(failed > steps(), "only {failed} of {} failures were told", 2 * steps());
}

#[test]
fn a_full_disk_leaves_the_old_tree_and_no_trace() {
    let before = snapshot(old().path());
    let mut failed = 0;
    for at in 0..steps() {
        let out = old();
        if let (_, Err(told), _) = run(&out, NEW, Fault::Fills, at) {
            failed += 1;
            assert!(told.contains("free some space on the disk"), "{told}");
            assert_eq!(snapshot(out.path()), before, "at {at}: {told}");
        }
    }
    assert!(failed > 10, "{failed}");
}

#[test]
fn a_folder_that_turns_read_only_is_recovered() {
    let (before, after) = (snapshot(old().path()), new());
    for at in 0..steps() {
        let out = old();
        let (_, result, _) = run(&out, NEW, Fault::Denies, at);
        let context = format!("at {at}: {result:?}");
        match &result {
            Ok(_) => assert_eq!(tree_of(out.path()), after, "{context}"),
            Err(told) if has_journal(&out) => {
                assert!(told.contains("check the mode and owner"), "{context}");
            }
            Err(_) => assert_eq!(tree_of(out.path()), before, "{context}"),
        }
        assert_next_run_succeeds(&out, &after, &context);
    }
}

#[test]
fn after_death_anywhere_the_next_run_starts_from_a_whole_tree() {
    let (before, after) = (snapshot(old().path()), new());
    let mut half_written = 0;
    for fault in [Fault::Dies, Fault::DiesDone] {
        for at in 0..steps() {
            let context = format!("{fault:?} at {at}");
            let dead = || {
                let out = old();
                let _ = run(&out, NEW, fault, at);
                out
            };

            let out = dead();
            let left = tree_of(out.path());
            half_written += usize::from(left != before && left != after);
            assert_next_run_succeeds(&out, &after, &context);

            let out = dead();
            render(&out, OLD).unwrap_or_else(|told| panic!("{context}: {told}"));
            assert_eq!(snapshot(out.path()), before, "{context}");

            // A run that is refused still puts back the old tree, unless the dead one was past the last step.
            let out = dead();
            let whole = if has_journal(&out) { &before } else { &left };
            render(&out, CLASHES).expect_err("a clash");
            assert_eq!(&snapshot(out.path()), whole, "{context}");
            assert!(*whole == before || *whole == after, "{context}");
        }
    }
    assert!(half_written > 20, "{half_written}");
}
