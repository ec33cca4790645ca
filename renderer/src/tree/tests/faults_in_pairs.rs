//! A second fault, while another run completes the tree after the first.

use super::faults::{assert_next_run_completes, assert_no_file_is_half_written, fast_folder, render, run};
use super::faulty::Trouble;
use super::support::{is_incomplete, snapshot, tree_of};

/// The fleet changes between the runs: each tree has its own file, and one that all share.
const OLD: &[(&str, &str)] = &[("changes.yaml", "old\n"), ("folder/old.yaml", "old\n")];
const FIRST: &[(&str, &str)] = &[("changes.yaml", "first\n"), ("first/new.yaml", "first\n")];
const SECOND: &[(&str, &str)] = &[("changes.yaml", "second\n"), ("folder/second.yaml", "second\n")];

#[test]
fn after_a_second_fault_anywhere_the_third_run_completes_its_tree() {
    let out = fast_folder();
    let trees = [OLD, FIRST, SECOND].map(|contents| {
        render(&out, contents).expect("a clean run");
        (contents, snapshot(out.path()))
    });
    let [before, first, second] = trees.each_ref().map(|(_, tree)| tree);
    let (mut pairs, mut half_written) = (0, 0);
    for dead_at in 0.. {
        let dead = || {
            let out = fast_folder();
            render(&out, OLD).expect("a clean run");
            let dead = run(&out, FIRST, Trouble::Dies, dead_at).0;
            (out, dead)
        };
        match dead() {
            (_, false) => break,
            (out, _) if !is_incomplete(&out) => continue,
            _ => {}
        }
        for at in 0.. {
            let (out, _) = dead();
            let fault = [Trouble::Dies, Trouble::Fails, Trouble::FailsDone][(dead_at + at) % 3];
            let (happened, result, _) = run(&out, SECOND, fault, at);
            if !happened {
                break;
            }
            let context = format!("dead at {dead_at}, {fault:?} at {at}: {result:?}");
            let left = tree_of(out.path());
            assert_no_file_is_half_written(&left, &[before, first, second], &context);
            assert!(result.is_err() || left == *second && !is_incomplete(&out), "{context}");
            if ![before, first, second].contains(&&left) {
                half_written += 1;
                assert!(is_incomplete(&out), "{context}");
            }
            let (contents, expected) = &trees[pairs % 3];
            assert_next_run_completes(&out, contents, expected, &context);
            pairs += 1;
        }
    }
    assert!(half_written > 300, "{half_written} of {pairs}");
}
