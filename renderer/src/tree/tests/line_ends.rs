//! A checkout with CRLF does not count as an edit.

use super::support::{files, put, refused, render, tree, tree_of, written};
use crate::tree::{Action, LINE_ENDS, LOCK, check};

const OLD: &[(&str, &str)] = &[("a.yaml", "a: 1\nb: 2\n"), ("gone.yaml", "1\n\n"), ("keep.yaml", "1\n")];
const NEW: &[(&str, &str)] = &[("a.yaml", "a: 2\nb: 2\n"), ("keep.yaml", "1\n")];

fn checked_out_with_crlf() -> tempfile::TempDir {
    let out = written(OLD);
    for (path, bytes) in tree_of(out.path()) {
        let text = String::from_utf8(bytes.expect("a file")).expect("text");
        put(&out, &path, text.replace('\n', "\r\n"));
    }
    out
}

#[test]
fn files_are_replaced_and_removed_all_the_same() {
    let out = checked_out_with_crlf();
    render(&out, NEW).expect("no clash");
    assert_eq!(tree_of(out.path()), tree_of(written(NEW).path()));
}

#[test]
fn check_says_so() {
    let out = checked_out_with_crlf();
    let differences = check(out.path(), &tree(&files(OLD))).expect("no fault");
    assert!(differences.out_of_date());
    assert_eq!(differences.changes.len(), 4);
    for change in differences.changes {
        assert!(change.line_ends_only && change.clash.is_none(), "{change:?}");
        assert_eq!(change.action, Action::Replace);
    }
}

#[test]
fn a_change_by_hand_is_still_seen() {
    let out = checked_out_with_crlf();
    put(&out, "a.yaml", "a: 1\r\nb: 3\r\n");
    assert!(refused(&out, NEW).starts_with("a.yaml: `a.yaml` was changed by hand"));
    // A single CR is content.
    put(&out, "a.yaml", "a: 1\rb: 2\n");
    assert!(refused(&out, NEW).starts_with("a.yaml: `a.yaml` was changed by hand"));
}

#[test]
fn without_a_lock_file_the_reason_is_told() {
    let out = checked_out_with_crlf();
    std::fs::remove_file(out.path().join(LOCK)).expect("removed");
    let shown = "keep.yaml: `keep.yaml` is in the way; only its line endings (CRLF) differ";
    assert_eq!(refused(&out, &[("keep.yaml", "1\n")]), format!("{shown} = {LINE_ENDS}"));
    assert_eq!(
        LINE_ENDS,
        "Git converts line endings here (`core.autocrlf`): add a `.gitattributes` with `* -text` to the folder"
    );
}
