//! Files that a run must not overwrite, and what to do about them.

use super::disk::Other;
use crate::output_path::LOCK;
use hallpass_document::Diagnostic;

pub(crate) fn edited(path: &str) -> Diagnostic {
    Diagnostic::of_file(path, format!("`{path}` was changed by hand since hallpass wrote it"))
        .help("move the change to the fleet, delete the file or restore it from Git, and render again")
}

pub(crate) fn edited_and_unwanted(path: &str) -> Diagnostic {
    Diagnostic::of_file(
        path,
        format!("`{path}` is no longer wanted, but was changed by hand since hallpass wrote it"),
    )
    .help("delete it, or move it out of the folder, and render again")
}

pub(crate) fn foreign(path: &str) -> Diagnostic {
    Diagnostic::of_file(
        path,
        format!("`{path}` is in the way: hallpass did not write it, because `{LOCK}` does not list it"),
    )
    .help("move it elsewhere, or render to another folder")
}

/// A file that a record names (the lock file, or a file in the state folder) but that no run wrote.
pub(crate) fn claimed(path: &str, head: &str, record: &str) -> Diagnostic {
    let head = head.lines().next().unwrap_or_default().replace('`', "");
    let message = format!(
        "`{path}` does not belong to hallpass, although `{record}` lists it: it does not start with `{head}`"
    );
    let remove =
        if record == LOCK { format!("remove its line from `{LOCK}`") } else { format!("remove `{record}`") };
    Diagnostic::of_file(path, message)
        .help(format!("{remove}; if it is in the way of the tree, move it elsewhere"))
}

pub(crate) fn without_lock(path: &str) -> Diagnostic {
    Diagnostic::of_file(
        path,
        format!("`{path}` is in the way, and no `{LOCK}` lists it as written by hallpass"),
    )
    .help(format!("restore `{LOCK}` from Git, move the file elsewhere, or render to another folder"))
}

/// How to prevent Git from converting line endings.
pub const LINE_ENDS: &str =
    "Git converts line endings here (`core.autocrlf`): add a `.gitattributes` with `* -text` to the folder";

pub(crate) fn line_ends(path: &str) -> Diagnostic {
    Diagnostic::of_file(path, format!("`{path}` is in the way; only its line endings (CRLF) differ"))
        .help(LINE_ENDS)
}

pub(crate) fn case(path: &str, wanted: &str) -> Diagnostic {
    let message =
        format!("`{path}`, which is no longer wanted, and `{wanted}` are the same file on some file systems");
    Diagnostic::of_file(path, message).help(format!("remove `{path}` (`git rm`), and render again"))
}

pub(crate) fn other(at: &str, what: Other) -> Diagnostic {
    let (message, help) = match what {
        Other::Link => ("is a link, and hallpass does not follow links", "remove the link, and render again"),
        Other::Folder => ("is a folder, but must be a file", "move the folder elsewhere, and render again"),
        Other::NoFolder => ("is a file, but must be a folder", "move the file elsewhere, and render again"),
        Other::Special => ("is not a regular file", "remove it, and render again"),
        Other::Large => {
            ("is larger than any file that hallpass writes", "move it elsewhere, and render again")
        }
    };
    Diagnostic::of_file(at, format!("`{at}` {message}")).help(help)
}
