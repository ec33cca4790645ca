//! `check` compares and writes nothing.

use std::fs;

use super::faulty::{Faulty, Trouble};
use super::support::{files, folder, is_incomplete, put, shown, snapshot, tree, wanted, written};
use crate::tree::{Action, Differences, LOCK, check, write_to};

fn checked(out: &tempfile::TempDir, contents: &[(&str, &str)]) -> Differences {
    let before = snapshot(out.path());
    let time = || fs::metadata(out.path()).expect("a folder").modified().expect("a time");
    let modified = time();
    let differences =
        check(out.path(), &tree(&files(contents))).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
    assert_eq!((snapshot(out.path()), time()), (before, modified), "nothing is written");
    differences
}

#[test]
fn a_tree_that_is_as_it_should_be() {
    let out = written(&[("a", "1\n")]);
    assert_eq!(checked(&out, &[("a", "1\n")]), Differences { unchanged: 2, ..Differences::default() });
}

#[test]
fn every_difference_is_shown() {
    let out = written(&[("a", "1\n2\n3\n"), ("gone", "1\n"), ("keep", "1\n")]);
    let differences = checked(&out, &[("a", "1\n2\n4"), ("keep", "1\n"), ("new", "1\n")]);
    let diff =
        |path: &str| &differences.changes.iter().find(|change| change.path == path).expect("a change").diff;
    assert_eq!(
        diff("a"),
        "--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n 1\n 2\n-3\n+4\n\\ No newline at end of file\n"
    );
    assert_eq!(diff("gone"), "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n");
    assert_eq!(diff("new"), "--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+1\n");
    assert!(
        diff(LOCK).contains(
            "-  \"gone\": sha256:4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865\n"
        )
    );
    let actions: Vec<_> = differences.changes.iter().map(|change| change.action).collect();
    assert_eq!(actions, [Action::Replace, Action::Create, Action::Remove, Action::Replace]);
    assert!(differences.out_of_date());
}

#[test]
fn a_missing_or_stale_lock_file_is_a_difference() {
    let out = written(&[("a", "1\n")]);
    put(&out, LOCK, format!("version: 1\nallowlists: {{}}\nfiles:\n  a: sha256:{}\n", "0".repeat(64)));
    let stale = checked(&out, &[("a", "1\n")]);
    assert_eq!((stale.changes.len(), stale.changes[0].action), (1, Action::Replace));
    fs::remove_file(out.path().join(LOCK)).expect("removed");
    let missing = checked(&out, &[("a", "1\n")]);
    assert_eq!((missing.changes.len(), missing.changes[0].action), (1, Action::Create));
}

#[test]
fn what_a_run_would_refuse_is_told_with_the_difference() {
    let out = written(&[("a", "1\n")]);
    put(&out, "a", "mine\n");
    let differences = checked(&out, &[("a", "2\n")]);
    assert!(
        differences.changes[0].clash.as_ref().is_some_and(|clash| clash.message.contains("changed by hand"))
    );
    assert!(differences.changes[0].diff.contains("-mine\n+2\n"));
}

#[test]
fn a_folder_that_does_not_exist_lacks_everything() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let differences = check(&out.path().join("new"), &tree(&files(&[("a", "1\n")]))).expect("no fault");
    assert_eq!(differences.changes.len(), 2);
    assert!(snapshot(out.path()).is_empty());
}

#[test]
fn an_interrupted_run_is_reported_and_left_to_the_next_one() {
    let mut interrupted = 0;
    for at in 0..60 {
        let out = written(&[("a", "1\n")]);
        let new = files(&[("b", "1\n")]);
        let _ = write_to(&Faulty::new(folder(out.path()), Trouble::Dies, at), &wanted(&new));
        // For any following tree.
        for next in ["a", "b", "c"] {
            let differences = checked(&out, &[(next, "1\n")]);
            assert_eq!(differences.interrupted, is_incomplete(&out));
            assert!(differences.out_of_date() || !is_incomplete(&out));
            assert!(differences.changes.iter().all(|change| change.clash.is_none()), "{differences:?}");
        }
        interrupted += usize::from(is_incomplete(&out));
    }
    assert!(interrupted > 5, "{interrupted}");
}

#[test]
fn files_too_long_to_compare_are_shown_whole() {
    let many = |line: &str| line.repeat(20_000);
    let (old, new) = (many("old\n"), many("new\n"));
    let out = written(&[("a", &old)]);
    let diff = &checked(&out, &[("a", &new)]).changes[0].diff;
    assert_eq!((diff.matches("\n-old").count(), diff.matches("\n+new").count()), (20_000, 20_000));
}
