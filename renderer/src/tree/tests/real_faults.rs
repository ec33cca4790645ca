//! Errors of the real system, in addition to injected ones.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;

use super::faults::fast_folder;
use super::support::{
    file, files, folder, is_incomplete, put, render, shown, snapshot, tree, tree_of, wanted, written,
};
use crate::tree::apply::apply;
use crate::tree::plan::plan;
use crate::tree::records::Records;
use crate::tree::state::State;
use crate::tree::{LOCK, check, write};

const BUSY: &str = ": another `hallpass render` is writing to this folder = wait until it completes";

#[test]
fn of_two_runs_at_once_one_says_so() {
    let out = written(&[("a", "1\n")]);
    let other = folder(out.path());
    let held = State::enter(&other).expect("nobody else");
    assert_eq!(shown(&render(&out, &[("a", "2\n")]).expect_err("a fault")), BUSY);
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
                            // A check during another run may also see incomplete files.
                            assert!(!shown(&faults).contains("cannot be"), "{}", shown(&faults));
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
    // Not even root can create a file here.
    let one = files(&[("a.yaml", "1\n")]);
    let faults = write(Path::new("/proc/self"), &tree(&one)).expect_err("a fault");
    assert!(shown(&faults).starts_with(": cannot be written to: "), "{}", shown(&faults));
    let faults = write(Path::new("/proc/self/new"), &tree(&one)).expect_err("a fault");
    assert!(shown(&faults).starts_with(": cannot be created: "), "{}", shown(&faults));
}

#[test]
fn a_folder_that_is_a_file() {
    let out = written(&[("a", "1\n")]);
    let faults = write(&out.path().join("a"), &tree(&[])).expect_err("a fault");
    assert_eq!(shown(&faults), ": cannot be opened: not a directory");
    assert_eq!(check(&out.path().join("a"), &tree(&[])).expect_err("a fault"), faults);
}

const OUT: &str = "HALLPASS_TEST_OUT";

/// Not a test by itself: the next test runs it in a separate process with a file size limit.
#[test]
#[ignore = "run by another test, with a limit on the size of files"]
fn child() {
    let out = std::env::var_os(OUT).expect("a folder");
    let new = [file("a", "2\n"), file("big", &"much\n".repeat(100_000)), file("z", "2\n")];
    print!("{}", shown(&write(Path::new(&out), &tree(&new)).expect_err("a fault")));
}

#[test]
fn a_write_that_the_system_refuses_halfway() {
    let out = written(&[("a", "1\n"), ("z", "1\n")]);
    let before = snapshot(out.path());
    let done = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().expect("this test"))
        .args(["--exact", "tree::tests::real_faults::child", "--ignored", "--nocapture"])
        .env(OUT, out.path())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("big: cannot be written: file too large"), "{said} {done:?}");
    assert_eq!(snapshot(out.path()), before);
}

/// Not a test by itself either: renders two trees in turn until it is killed.
#[test]
#[ignore = "run by another test, which kills it"]
fn endless_child() {
    let out = std::env::var_os(OUT).expect("a folder");
    // One file that both trees have, and eight of each tree's own.
    let trees = ["1\n", "2\n"].map(|text| {
        let own = (0..8).map(|n| file(&format!("only-{}/{n}", text.trim()), text));
        own.chain([file("shared/a", text)]).collect::<Vec<_>>()
    });
    for tree_of_turn in trees.iter().cycle() {
        write(Path::new(&out), &tree(tree_of_turn)).expect("a clean run");
        println!("{AT_WORK}");
    }
}

const AT_WORK: &str = "at work";

#[test]
fn a_process_that_is_killed_at_any_time_leaves_whole_files_and_the_next_run_completes_them() {
    let out = fast_folder();
    put(&out, "shared/own", "mine\n");
    let (mut turn, mut incomplete) = (0, 0);
    while incomplete < 8 {
        assert!(turn < 400, "{incomplete} were killed while they changed the tree");
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "tree::tests::real_faults::endless_child", "--ignored", "--nocapture"])
            .env(OUT, out.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("a process");
        let mut said = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        assert!(said.by_ref().any(|line| line.is_ok_and(|line| line == AT_WORK)));
        std::thread::sleep(std::time::Duration::from_micros(turn * 137 % 5_000));
        child.kill().expect("still at work");
        child.wait().expect("an end");

        incomplete += usize::from(is_incomplete(&out));
        let left = tree_of(out.path());
        let whole = |(path, bytes): (&String, &Option<Vec<u8>>)| match bytes.as_deref() {
            Some(b"mine\n") => path == "shared/own",
            bytes => path == LOCK || matches!(bytes, None | Some(b"1\n" | b"2\n")),
        };
        assert!(left.contains_key("shared/own") && left.iter().all(whole), "{left:?}");
        // Every other killed run is left to the next child.
        if turn % 2 == 0 {
            render(&out, &[("other", "3\n")]).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
            let left: Vec<_> = snapshot(out.path()).into_keys().collect();
            assert_eq!(left, [LOCK, "other", "shared", "shared/own"]);
        }
        turn += 1;
    }
}

/// Runs the steps after planning, with something else in between.
fn run_after(out: &tempfile::TempDir, contents: &[(&str, &str)], between: impl FnOnce()) -> String {
    let disk = folder(out.path());
    let state = State::enter(&disk).expect("nobody else");
    state.prepare().expect("an empty state");
    let records = Records::read(&disk).expect("a lock file");
    let files = files(contents);
    let wanted = wanted(&files);
    let plan = plan(&disk, &wanted, &records).expect("a plan");
    between();
    let fault = apply(&disk, &plan, &wanted.lock).expect_err("a fault");
    assert!(state.leave(), "the next run is to complete it");
    shown(&[fault])
}

#[test]
fn a_file_that_another_program_changes_during_the_run() {
    let out = written(&[("a", "1\n"), ("gone", "1\n"), ("z", "1\n")]);
    let new = [("a", "2\n"), ("z", "2\n")];
    let shown = run_after(&out, &new, || put(&out, "z", "mine\n"));
    assert_eq!(shown, "z: `z` was changed by another program during the run = render again");
    let left = tree_of(out.path());
    assert_eq!(left["z"].as_deref(), Some(&b"mine\n"[..]));
    assert!(left.contains_key("gone"));

    let shown = self::shown(&render(&out, &new).expect_err("a clash"));
    assert!(shown.starts_with("z: `z` was changed by hand since hallpass wrote it = "), "{shown}");
    assert!(shown.contains("\n: an interrupted run has left the folder incomplete = "), "{shown}");
    assert_eq!(tree_of(out.path()), left);
    put(&out, "z", "1\n");
    render(&out, &new).expect("a clean run");
    assert_eq!(snapshot(out.path()), snapshot(written(&new).path()));
}

#[test]
fn a_folder_that_another_program_turns_into_a_link_during_the_run() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let out = written(&[("sub/a", "1\n")]);
    let moved = elsewhere.path().join("sub");
    run_after(&out, &[("sub/a", "2\n"), ("sub/b", "2\n")], || {
        std::fs::rename(out.path().join("sub"), &moved).expect("moved");
        std::os::unix::fs::symlink(&moved, out.path().join("sub")).expect("a link");
    });
    assert_eq!(snapshot(&moved), [("a".to_owned(), Some(b"1\n".to_vec()))].into());
}
