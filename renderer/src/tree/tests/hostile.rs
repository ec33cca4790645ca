//! Lock files, records of interrupted runs, and links that a pull request adds.

use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::faulty::{Faulty, Trouble};
use super::support::{
    HALF, files, folder, is_incomplete, put, refused, render, shown, snapshot, tree, wanted, written,
};
use crate::Digest;
use crate::tree::state::STATE;
use crate::tree::{LOCK, Tree, write, write_to};

/// A record of an interrupted run.
const PENDING: &str = ".hallpass-render/pending-0";

const STRANGE: &str = "check the folder with `git status`, remove `.hallpass-render`, and run `hallpass render` \
                       again";

/// Recreates the state of a run that was interrupted before it wrote this lock file.
fn interrupt(out: &TempDir, lock: &str) {
    put(out, ".hallpass-render/.gitignore", "*\n");
    put(out, ".hallpass-render/running", "");
    put(out, PENDING, lock);
}

/// A lock file with these lines under `files`.
fn lock(lines: &str) -> String {
    format!("version: 1\nallowlists: {{}}\nfiles:\n{lines}")
}

#[test]
fn no_record_leads_anywhere_else() {
    let above = tempfile::tempdir().expect("a temporary folder");
    let out = tempfile::tempdir_in(above.path()).expect("a folder");
    put(&above, "victim", "known\n");
    put(&out, ".git/config", "known\n");
    let digest = Digest::of(b"known\n");
    let charset = "only ASCII letters, digits, `.`, `_` and `-` name the same file on every system";
    let dot = "hallpass does not write names that start with a dot";
    let cases = [
        ("../victim", "`../victim` contains `..`".to_owned()),
        ("a/../../victim", "`a/../../victim` contains `..`".to_owned()),
        ("/etc/passwd", "`/etc/passwd` starts with `/`: paths are relative to the output folder".to_owned()),
        ("a//b", "`a//b` has an empty name next to a `/`".to_owned()),
        ("a\\\\b", format!("`a\\b` contains `\\`: {charset}")),
        ("a\\0b", format!("`a\0b` contains `\\u{{0}}`: {charset}")),
        ("C:/x", format!("`C:/x` contains `:`: {charset}")),
        (".git/config", format!("`.git/config` contains `.git`: {dot}")),
        (".GIT/config", format!("`.GIT/config` contains `.GIT`: {dot}")),
        ("GIT~1/config", format!("`GIT~1/config` contains `~`: {charset}")),
        (".hallpass-render/new-0", format!("`.hallpass-render/new-0` contains `.hallpass-render`: {dot}")),
        ("hallpass.lock", "`hallpass.lock` is the lock file's own path".to_owned()),
        ("e\\u0301", format!("`e\u{301}` contains `\u{301}`: {charset}")),
    ];
    for (path, reason) in cases {
        put(&out, LOCK, lock(&format!("  \"{path}\": {digest}\n")));
        let shown = refused(&out, &[("a", "1\n")]);
        assert_eq!(shown, format!("hallpass.lock:4:3: path {reason} = restore `hallpass.lock` from Git"));

        fs::remove_file(out.path().join(LOCK)).expect("removed");
        interrupt(&out, &lock(&format!("  \"{path}\": {digest}\n")));
        let shown = refused(&out, &[("a", "1\n")]);
        assert_eq!(shown, format!("{PENDING}:4:3: path {reason} = {STRANGE}{HALF}"));
        fs::remove_dir_all(out.path().join(STATE)).expect("removed");
    }
    assert_eq!(fs::read(above.path().join("victim")).expect("still there"), b"known\n");
}

#[test]
fn no_record_makes_anything_ours() {
    const HEAD: &str = "# Made by a run\n";
    let run = |out: &TempDir, contents: &[(&str, &str)]| {
        let files = files(contents);
        let before = snapshot(out.path());
        let written = write(out.path(), &Tree { head: HEAD, ..tree(&files) });
        let faults = written.map_err(|faults| shown(&faults));
        assert!(faults.is_ok() || snapshot(out.path()) == before, "a refused run changes nothing");
        faults
    };
    let ours = format!("{HEAD}1\n");
    let out = tempfile::tempdir().expect("a temporary folder");
    run(&out, &[("a.yaml", &ours)]).expect("a clean run");
    put(&out, "README.md", "known\n");
    let digest = Digest::of(b"known\n");
    let lock = fs::read_to_string(out.path().join(LOCK)).expect("a lock file");
    put(&out, LOCK, format!("{lock}  \"README.md\": {digest}\n"));
    let fault = "README.md: `README.md` does not belong to hallpass, although `hallpass.lock` lists it: it does not start with \
                 `# Made by a run` = remove its line from `hallpass.lock`; if it is in the way of the tree, move it \
                 elsewhere";
    // To remove, and to replace.
    assert_eq!(run(&out, &[("a.yaml", &ours)]), Err(fault.to_owned()));
    let wanted = [("README.md", ours.as_str()), ("a.yaml", &ours)];
    assert_eq!(run(&out, &wanted), Err(fault.to_owned()));
    put(&out, LOCK, lock);
    assert_eq!(run(&out, &[("a.yaml", &ours)]).map(|written| written.unchanged), Ok(2));

    interrupt(&out, &self::lock(&format!("  README.md: {digest}\n")));
    let fault = "README.md: `README.md` does not belong to hallpass, although `.hallpass-render` lists it: it does not start with \
                 `# Made by a run` = remove `.hallpass-render`; if it is in the way of the tree, move it elsewhere";
    assert_eq!(run(&out, &[("a.yaml", &ours)]), Err(format!("{fault}{HALF}")));
    assert_eq!(run(&out, &wanted), Err(format!("{fault}{HALF}")));
}

#[test]
fn a_record_of_an_interrupted_run_that_no_run_left_is_refused() {
    let out = written(&[("a.yaml", "1\n")]);
    for text in ["", "{}", "null", &"[".repeat(100_000)] {
        interrupt(&out, text);
        let shown = refused(&out, &[("a.yaml", "2\n")]);
        assert!(shown.starts_with(PENDING) && shown.ends_with(&format!(" = {STRANGE}{HALF}")), "{shown}");
    }
}

#[test]
fn links_are_never_followed() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    put(&elsewhere, "a.yaml", "1\n");
    let before = snapshot(elsewhere.path());
    let link = |at: &str| {
        format!(
            "{at}: `{at}` is a link, and hallpass does not follow links = remove the link, and render again"
        )
    };

    // A folder replaced by a link, with a file that the lock file lists: to replace, and to remove.
    for wanted in [&[("sub/a.yaml", "2\n")][..], &[]] {
        let out = written(&[("sub/a.yaml", "1\n")]);
        fs::remove_dir_all(out.path().join("sub")).expect("removed");
        symlink(elsewhere.path(), out.path().join("sub")).expect("a link");
        assert_eq!(refused(&out, wanted), link("sub"));
    }
    // A link that stays inside still leads to files that are not ours.
    for target in [".git", "other"] {
        let out = written(&[("sub/a.yaml", "1\n")]);
        put(&out, &format!("{target}/a.yaml"), "1\n");
        fs::remove_dir_all(out.path().join("sub")).expect("removed");
        symlink(target, out.path().join("sub")).expect("a link");
        assert_eq!(refused(&out, &[("sub/a.yaml", "2\n")]), link("sub"));
        assert_eq!(refused(&out, &[]), link("sub"));
    }
    // A file, the lock file and the state folder replaced by links.
    for at in ["a.yaml", LOCK, STATE] {
        let out = written(&[("a.yaml", "1\n")]);
        let _ = fs::remove_file(out.path().join(at));
        let target =
            if at == STATE { elsewhere.path().to_path_buf() } else { elsewhere.path().join("a.yaml") };
        symlink(target, out.path().join(at)).expect("a link");
        assert_eq!(refused(&out, &[("a.yaml", "2\n")]), link(at));
        assert_eq!(snapshot(elsewhere.path()), before, "{at}");
    }
    // Files that a run opens in its state folder.
    for at in ["running", "pending-0", "draft", ".gitignore", "new-0"] {
        let out = written(&[("a.yaml", "1\n")]);
        fs::create_dir(out.path().join(STATE)).expect("a folder");
        symlink(elsewhere.path().join("a.yaml"), out.path().join(STATE).join(at)).expect("a link");
        let _ = render(&out, &[("a.yaml", "2\n")]);
        assert_eq!(snapshot(elsewhere.path()), before, "{at}");
    }
}

#[test]
fn a_pipe_in_the_way_is_not_waited_for() {
    let out = written(&[("a.yaml", "1\n")]);
    fs::create_dir(out.path().join(STATE)).expect("a folder");
    let made = std::process::Command::new("mkfifo").arg(out.path().join(STATE).join("running")).status();
    if made.is_ok_and(|status| status.success()) {
        let faults = render(&out, &[("a.yaml", "2\n")]).expect_err("a fault");
        let shown = shown(&faults);
        assert!(shown.starts_with(".hallpass-render/running: cannot be locked: "), "{shown}");
        assert!(shown.ends_with(" = if no other run is at work, remove `.hallpass-render`"), "{shown}");
    }
}

#[test]
fn an_interrupted_run_is_not_committed_by_accident_and_can_be_completed_in_a_copy() {
    let expected = snapshot(written(&[("b.yaml", "3\n")]).path());
    let mut incomplete = 0;
    for at in 0..60 {
        let out = written(&[("a.yaml", "1\n")]);
        let new = files(&[("a.yaml", "2\n"), ("new.yaml", "2\n")]);
        let _ = write_to(&Faulty::new(folder(out.path()), Trouble::Dies, at), &wanted(&new));
        if is_incomplete(&out) {
            incomplete += 1;
            let ignore = fs::read_to_string(out.path().join(STATE).join(".gitignore"));
            assert_eq!(ignore.expect("a .gitignore"), "*\n");
            let copy = tempfile::tempdir().expect("a temporary folder");
            for (path, bytes) in snapshot(out.path()) {
                bytes.into_iter().for_each(|bytes| put(&copy, &path, bytes));
            }
            render(&copy, &[("b.yaml", "3\n")]).unwrap_or_else(|faults| panic!("{at}: {}", shown(&faults)));
            assert_eq!(snapshot(copy.path()), expected);
        }
    }
    assert!(incomplete > 5, "{incomplete}");
}

#[test]
fn a_stray_file_in_the_state_folder_stays() {
    let out = written(&[("a.yaml", "1\n")]);
    put(&out, ".hallpass-render/note.txt", "mine\n");
    render(&out, &[("a.yaml", "2\n")]).expect("a clean run");
    let left: Vec<_> = snapshot(out.path()).into_keys().filter(|path| path.starts_with(STATE)).collect();
    assert_eq!(left, [STATE, ".hallpass-render/note.txt"]);
}
