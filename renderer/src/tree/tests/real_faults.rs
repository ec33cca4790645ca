//! Faults of a real system, beside those that tests inject.

use std::path::Path;
use std::process::Command;
use std::sync::Barrier;

use super::support::{file, files, folder, put, render, snapshot, told, tree, tree_of, wanted, written};
use crate::tree::plan::{plan, read_lock};
use crate::tree::state::State;
use crate::tree::swap::carry_out;
use crate::tree::{check, write};

const BUSY: &str = ": another `hallpass render` is writing to this folder = wait until it is done";

#[test]
fn of_two_runs_at_once_one_says_so() {
    let out = written(&[("a", "1\n")]);
    let other = folder(out.path());
    let held = State::enter(&other).expect("nobody else");
    assert_eq!(told(&render(&out, &[("a", "2\n")]).expect_err("a fault")), BUSY);
    held.leave();
    render(&out, &[("a", "2\n")]).expect("a clean run");
}

#[test]
fn many_runs_at_once_leave_one_whole_tree() {
    let out = written(&[("a", "0\n"), ("b/b", "0\n")]);
    let start = Barrier::new(8);
    let wins: usize = std::thread::scope(|scope| {
        let runs: Vec<_> = (1..=8)
            .map(|run| {
                let (out, start) = (&out, &start);
                scope.spawn(move || {
                    let text = format!("{run}\n");
                    start.wait();
                    match render(out, &[("a", &text), ("b/b", &text)]) {
                        Ok(_) => 1,
                        Err(faults) => {
                            // A run that looks while another one writes may also see what it is writing.
                            assert!(!told(&faults).contains("cannot be"), "{}", told(&faults));
                            0
                        }
                    }
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("no panic")).sum()
    });
    assert!(wins >= 1);
    let left = snapshot(out.path());
    assert_eq!(left["a"], left["b/b"]);
    assert_eq!(left.len(), 4, "no state is left: {left:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_to() {
    // Not even root may make a file here.
    let one = files(&[("a.yaml", "1\n")]);
    let faults = write(Path::new("/proc/self"), &tree(&one)).expect_err("a fault");
    assert!(told(&faults).starts_with(": cannot be written to: "), "{}", told(&faults));
    let faults = write(Path::new("/proc/self/new"), &tree(&one)).expect_err("a fault");
    assert!(told(&faults).starts_with(": cannot be made: "), "{}", told(&faults));
}

#[test]
fn a_folder_that_is_a_file() {
    let out = written(&[("a", "1\n")]);
    let faults = write(&out.path().join("a"), &tree(&[])).expect_err("a fault");
    assert_eq!(told(&faults), ": cannot be opened: not a directory");
    assert_eq!(check(&out.path().join("a"), &tree(&[])).expect_err("a fault"), faults);
}

const OUT: &str = "HALLPASS_TEST_OUT";

/// Not a test by itself: what the tests below run in a process of their own, whose files may not grow beyond a limit.
#[test]
#[ignore = "run by other tests, with a limit on the size of files"]
fn child() {
    let out = std::env::var_os(OUT).expect("a folder");
    let result = write(Path::new(&out), &tree(&new()));
    print!("{}", told(&result.expect_err("a fault")));
}

fn new() -> Vec<crate::File> {
    vec![file("a", "2\n"), file("big", &"much\n".repeat(100_000)), file("z", "2\n")]
}

/// Runs `child` under a shell that sets the limit. The system ends a process that goes beyond it, unless told not to.
fn limited(out: &Path, signal: &str) -> std::process::Output {
    let script = format!("{signal} ulimit -f 64; exec \"$@\"");
    let test = std::env::current_exe().expect("this test");
    Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(test)
        .args(["--exact", "tree::tests::real_faults::child", "--ignored", "--nocapture"])
        .env(OUT, out)
        .output()
        .expect("a shell")
}

#[test]
fn a_write_that_the_system_refuses_halfway() {
    let out = written(&[("a", "1\n"), ("z", "1\n")]);
    let before = snapshot(out.path());
    let done = limited(out.path(), "trap '' XFSZ;");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("big: cannot be written: file too large"), "{said} {done:?}");
    assert_eq!(snapshot(out.path()), before);
}

#[test]
fn a_process_that_is_killed_halfway_through_a_write() {
    let out = written(&[("a", "1\n"), ("z", "1\n")]);
    let before = snapshot(out.path());
    let done = limited(out.path(), "");
    assert!(std::os::unix::process::ExitStatusExt::signal(&done.status).is_some(), "{done:?}");
    let left = snapshot(out.path());
    assert!(left.contains_key(".hallpass-render/new-1"), "it died while writing: {left:?}");

    // The lock died with its process, and the next run cleans up.
    assert_eq!(told(&render(&out, &[("a/b", "1\n")]).expect_err("a clash")).lines().count(), 1);
    assert_eq!(snapshot(out.path()), before);
    write(out.path(), &tree(&new())).expect("a clean run");
    assert_eq!(snapshot(out.path()).len(), 4);
}

#[test]
fn a_file_that_another_program_changes_during_the_run() {
    let out = written(&[("a", "1\n"), ("z", "1\n")]);
    let disk = folder(out.path());
    let state = State::enter(&disk).expect("nobody else");
    state.prepare().expect("an empty state");
    let lock = read_lock(&disk).expect("a lock file");
    let files = files(&[("a", "2\n"), ("z", "2\n")]);
    let wanted = wanted(&files);
    let plan = plan(&disk, &wanted, lock.as_ref()).expect("a plan");
    put(&out, "z", "mine\n");
    let before = tree_of(out.path());
    let faults = carry_out(&disk, state, &plan.changes).expect_err("a fault");
    assert_eq!(told(&faults), "z: `z` was changed by another program during the run = render again");
    assert_eq!(snapshot(out.path()), before);
}

#[test]
fn a_folder_that_another_program_turns_into_a_link_during_the_run() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let out = written(&[("sub/a", "1\n")]);
    let disk = folder(out.path());
    let state = State::enter(&disk).expect("nobody else");
    state.prepare().expect("an empty state");
    let lock = read_lock(&disk).expect("a lock file");
    let files = files(&[("sub/a", "2\n"), ("sub/b", "2\n")]);
    let wanted = wanted(&files);
    let plan = plan(&disk, &wanted, lock.as_ref()).expect("a plan");
    let moved = elsewhere.path().join("sub");
    std::fs::rename(out.path().join("sub"), &moved).expect("moved");
    std::os::unix::fs::symlink(&moved, out.path().join("sub")).expect("a link");
    carry_out(&disk, state, &plan.changes).expect_err("a fault");
    assert_eq!(snapshot(&moved), [("a".to_owned(), Some(b"1\n".to_vec()))].into());
}
