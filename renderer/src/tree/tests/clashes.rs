//! Files that must not be overwritten are not, and the run reports them before it writes anything.

use super::support::{file, put, refused, render, shown, tree, tree_of, written};
use crate::Digest;
use crate::tree::{Input, LOCK, Tree, check, write};

#[test]
fn a_file_changed_by_hand_is_kept() {
    let out = written(&[("a.yaml", "1\n"), ("b.yaml", "1\n")]);
    put(&out, "a.yaml", "mine\n");
    assert_eq!(
        refused(&out, &[("a.yaml", "2\n"), ("b.yaml", "2\n")]),
        "a.yaml: `a.yaml` was changed by hand since hallpass wrote it = move the change to the fleet, delete the \
         file or restore it from Git, and render again"
    );
}

#[test]
fn a_file_changed_by_hand_is_not_removed() {
    let out = written(&[("a.yaml", "1\n"), ("b.yaml", "1\n")]);
    put(&out, "a.yaml", "mine\n");
    assert_eq!(
        refused(&out, &[("b.yaml", "2\n")]),
        "a.yaml: `a.yaml` is no longer wanted, but was changed by hand since hallpass wrote it = delete it, or move it \
         out of the folder, and render again"
    );
}

#[test]
fn a_change_by_hand_to_what_is_wanted_is_welcome() {
    let out = written(&[("a.yaml", "1\n")]);
    put(&out, "a.yaml", "2\n");
    let done = render(&out, &[("a.yaml", "2\n")]).expect("no clash");
    assert_eq!((done.changes.len(), done.unchanged), (1, 1), "the lock file alone changes: {done:?}");
}

#[test]
fn a_file_that_was_deleted_comes_back() {
    let out = written(&[("a.yaml", "1\n"), ("b.yaml", "1\n")]);
    std::fs::remove_file(out.path().join("a.yaml")).expect("removed");
    render(&out, &[("a.yaml", "2\n")]).expect("no clash");
    assert_eq!(tree_of(out.path())["a.yaml"].as_deref(), Some(&b"2\n"[..]));
}

#[test]
fn a_file_of_another_program_is_kept() {
    let out = written(&[("a.yaml", "1\n")]);
    put(&out, "b.yaml", "mine\n");
    assert_eq!(
        refused(&out, &[("b.yaml", "2\n")]),
        "b.yaml: `b.yaml` is in the way: hallpass did not write it, because `hallpass.lock` does not list it = move it \
         elsewhere, or render to another folder"
    );
}

#[test]
fn without_a_lock_file_equal_files_are_taken_over_and_others_kept() {
    let out = written(&[("a.yaml", "1\n")]);
    let before = tree_of(out.path());
    std::fs::remove_file(out.path().join(LOCK)).expect("removed");
    assert_eq!(
        refused(&out, &[("a.yaml", "2\n")]),
        "a.yaml: `a.yaml` is in the way, and no `hallpass.lock` lists it as written by hallpass = restore `hallpass.lock` \
         from Git, move the file elsewhere, or render to another folder"
    );
    render(&out, &[("a.yaml", "1\n")]).expect("no clash");
    assert_eq!(tree_of(out.path()), before);
}

#[test]
fn folders_and_files_in_each_others_place_are_kept() {
    let out = written(&[("a", "1\n")]);
    assert_eq!(
        refused(&out, &[("a/b", "1\n")]),
        "a: `a` is a file, but must be a folder = move the file elsewhere, and render again"
    );
    let out = written(&[("a/b", "1\n")]);
    assert_eq!(
        refused(&out, &[("a", "1\n")]),
        "a: `a` is a folder, but must be a file = move the folder elsewhere, and render again"
    );
}

#[test]
fn names_that_differ_in_case_are_never_swapped() {
    let out = written(&[("Prod/a.yaml", "1\n")]);
    assert_eq!(
        refused(&out, &[("prod/a.yaml", "1\n")]),
        "Prod/a.yaml: `Prod/a.yaml`, which is no longer wanted, and `prod/a.yaml` are the same file on some file systems = remove \
         `Prod/a.yaml` (`git rm`), and render again"
    );
}

#[test]
fn all_clashes_are_told_at_once() {
    let out = written(&[("a.yaml", "1\n"), ("b.yaml", "1\n")]);
    put(&out, "a.yaml", "mine\n");
    put(&out, "c.yaml", "mine\n");
    put(&out, "b.yaml", "mine\n");
    assert_eq!(refused(&out, &[("a.yaml", "2\n"), ("c.yaml", "2\n")]).lines().count(), 3);
}

#[test]
fn a_tree_that_no_disk_can_hold_is_refused_whole() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let help = " = give one of the clusters another path in the fleet";
    let cases = [
        (vec![("a", "1"), ("a", "2")], format!(": two outputs have the same path `a`{help}")),
        (
            vec![("a/B", ""), ("A/c", "")],
            format!(": outputs `a/B` and `A/c` are the same file on file systems that ignore case{help}"),
        ),
        (
            vec![("a", ""), ("a/b", "")],
            format!(": output `a` is a file, but `a/b` needs a folder with that name{help}"),
        ),
        (
            vec![("../a", "")],
            ": output path `../a` contains `..` = give the cluster another path in the fleet".to_owned(),
        ),
    ];
    for (contents, shown) in cases {
        assert_eq!(refused(&out, &contents), shown);
    }
    let files = [file("a", "")];
    let strange = [Input { path: "a\nb".to_owned(), digest: Digest::of(b"") }];
    let tree = Tree { allowlists: &strange, ..tree(&files) };
    let faults = write(out.path(), &tree).expect_err("a fault");
    assert_eq!(shown(&faults), ": the path of allowlist `a\nb` contains a control character");
    assert_eq!(check(out.path(), &tree).expect_err("a fault"), faults);
    let many: Vec<_> = (0..=100_000).map(|n| file(&format!("f{n}"), "")).collect();
    let faults = write(out.path(), &Tree { files: &many, allowlists: &[], ..tree }).expect_err("a fault");
    assert_eq!(shown(&faults), ": a tree has at most 100000 files");
}

#[test]
#[cfg(unix)]
fn what_is_no_file_or_no_file_of_ours_is_not_read() {
    let out = written(&[("a.yaml", "1\n")]);
    std::fs::remove_file(out.path().join("a.yaml")).expect("removed");
    let made = std::os::unix::net::UnixListener::bind(out.path().join("a.yaml"));
    made.expect("a socket");
    let faults = render(&out, &[("a.yaml", "2\n")]).expect_err("a fault");
    assert_eq!(shown(&faults), "a.yaml: `a.yaml` is not a regular file = remove it, and render again");

    let out = written(&[("a.yaml", "1\n")]);
    let large = std::fs::File::create(out.path().join("a.yaml")).expect("a file");
    large.set_len(1 << 40).expect("a file with a hole");
    let faults = render(&out, &[("a.yaml", "2\n")]).expect_err("a fault");
    assert_eq!(
        shown(&faults),
        "a.yaml: `a.yaml` is larger than any file that hallpass writes = move it elsewhere, and render again"
    );
}
