//! What a run must not overwrite, and what to do about it.

use super::disk::Other;
use super::fault::Fault;
use crate::lock::LOCK;

pub(crate) fn edited(path: &str) -> Fault {
    Fault::new(path, format!("`{path}` was changed by hand since hallpass wrote it"))
        .help("move the change into the fleet, then delete the file or restore it from Git, and render again")
}

pub(crate) fn edited_and_unwanted(path: &str) -> Fault {
    Fault::new(path, format!("`{path}` is no longer wanted, but was changed by hand since hallpass wrote it"))
        .help("delete it, or move it out of the folder, and render again")
}

pub(crate) fn foreign(path: &str) -> Fault {
    Fault::new(
        path,
        format!("`{path}` is in the way: hallpass did not write it, for `{LOCK}` does not name it"),
    )
    .help("move it elsewhere, or render to another folder")
}

/// A file that a record names, the lock file or what is in the state folder, and no run wrote.
pub(crate) fn claimed(path: &str, head: &str, record: &str) -> Fault {
    let head = head.lines().next().unwrap_or_default().replace('`', "");
    let message =
        format!("`{path}` is not hallpass's, although `{record}` names it: it does not begin with `{head}`");
    let remove =
        if record == LOCK { format!("remove its line from `{LOCK}`") } else { format!("remove `{record}`") };
    Fault::new(path, message).help(format!("{remove}; if it is in the way of the tree, move it elsewhere"))
}

pub(crate) fn without_lock(path: &str) -> Fault {
    Fault::new(path, format!("`{path}` is in the way, and no `{LOCK}` says that hallpass wrote it"))
        .help(format!("restore `{LOCK}` from Git, or move the file elsewhere, or render to another folder"))
}

/// How to keep Git from changing line ends.
pub const LINE_ENDS: &str = "Git converts line ends here (`core.autocrlf`): a `.gitattributes` in the folder that says `* -text` keeps them";

pub(crate) fn line_ends(path: &str) -> Fault {
    Fault::new(path, format!("`{path}` is in the way, and differs in nothing but its line ends (CRLF)"))
        .help(LINE_ENDS)
}

pub(crate) fn case(path: &str, wanted: &str) -> Fault {
    let message = format!("`{path}`, which is no longer wanted, and `{wanted}` are one file on some disks");
    Fault::new(path, message).help(format!("remove `{path}` (`git rm`), and render again"))
}

pub(crate) fn other(at: &str, what: Other) -> Fault {
    let (message, help) = match what {
        Other::Link => {
            ("is a link: nothing is read or written through it", "remove the link, and render again")
        }
        Other::Folder => {
            ("is a folder, where a file is to be", "move the folder elsewhere, and render again")
        }
        Other::NoFolder => {
            ("is a file, where a folder is to be", "move the file elsewhere, and render again")
        }
        Other::Special => ("is no regular file", "remove it, and render again"),
        Other::Large => {
            ("is larger than anything that hallpass writes", "move it elsewhere, and render again")
        }
    };
    Fault::new(at, format!("`{at}` {message}")).help(help)
}
