//! A second fault, while the first is made good.

use tempfile::TempDir;

use super::faults::{fast_folder, has_journal, render, run};
use super::faulty::Fault;
use super::support::{Snapshot, snapshot, tree_of};
use crate::tree::Written;

/// A smaller change of each kind, for pairs of faults.
const SMALL_OLD: &[(&str, &str)] = &[("changes.yaml", "old\n"), ("folder/gone.yaml", "gone\n")];
const SMALL_NEW: &[(&str, &str)] = &[("added/new.yaml", "new\n"), ("changes.yaml", "new\n")];

/// A run that dies at `first` and leaves its journal, then one with a fault at `second`; nothing when there is no
/// journal or the run ends before the fault.
fn two_faults(first: usize, fault: Fault, second: usize) -> Option<(TempDir, Result<Written, String>)> {
    let out = fast_folder();
    render(&out, SMALL_OLD).expect("a clean run");
    let _ = run(&out, SMALL_NEW, Fault::Dies, first);
    if !has_journal(&out) {
        return None;
    }
    let (happened, result, _) = run(&out, SMALL_NEW, fault, second);
    happened.then_some((out, result))
}

fn small() -> [Snapshot; 2] {
    let out = fast_folder();
    [SMALL_OLD, SMALL_NEW].map(|contents| {
        render(&out, contents).expect("a clean run");
        snapshot(out.path())
    })
}

/// Steps from `SMALL_OLD` to `SMALL_NEW`: a first fault beyond them does not happen.
fn small_steps() -> usize {
    let out = fast_folder();
    render(&out, SMALL_OLD).expect("a clean run");
    run(&out, SMALL_NEW, Fault::Never, 0).2
}

#[test]
fn death_or_failure_during_recovery_is_recovered() {
    let [before, after] = small();
    let mut half_written = 0;
    for fault in [Fault::Dies, Fault::Fails, Fault::FailsDone] {
        for first in 0..small_steps() {
            for (second, (out, result)) in (0..).map_while(|at| two_faults(first, fault, at)).enumerate() {
                let context = format!("dead at {first}, {fault:?} at {second}: {result:?}");
                let left = tree_of(out.path());
                half_written += usize::from(left != before && left != after);
                if result.is_ok() {
                    assert_eq!(left, after, "{context}");
                } else if !has_journal(&out) {
                    assert!(left == before || left == after, "{context}");
                }
                render(&out, SMALL_NEW).unwrap_or_else(|told| panic!("{context}: {told}"));
                assert_eq!(snapshot(out.path()), after, "{context}");
            }
        }
    }
    assert!(half_written > 200, "{half_written}");
}

#[test]
fn a_failure_while_a_failed_run_is_undone_leaves_it_to_the_next_run() {
    let [before, after] = small();
    let mut half_written = 0;
    for first in 0..small_steps() {
        for later in 1..30 {
            let out = fast_folder();
            render(&out, SMALL_OLD).expect("a clean run");
            let (_, result, _) = run(&out, SMALL_NEW, Fault::FailsAgain(later), first);
            let context = format!("failed at {first} and {later} later: {result:?}");
            let left = tree_of(out.path());
            if left != before && left != after {
                half_written += 1;
                let told = result.expect_err("a fault");
                let help = " = the folder is half written: the next `hallpass render` puts back what was there before";
                assert!(told.ends_with(help), "{context}");
            }
            render(&out, SMALL_NEW).unwrap_or_else(|told| panic!("{context}: {told}"));
            assert_eq!(snapshot(out.path()), after, "{context}");
        }
    }
    assert!(half_written > 10, "{half_written}");
}
