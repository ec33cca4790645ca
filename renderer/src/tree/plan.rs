//! What stands between a folder and the tree that it should hold. Reads, and changes nothing.

use std::borrow::Cow;
use std::collections::HashMap;

use super::clash;
use super::disk::{Entry, Found, Look, Other};
use super::fault::Fault;
use super::wanted::Wanted;
use crate::Digest;
use crate::lock::{LOCK, Lock};

/// What is to be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is not there.
    Create,
    /// It differs.
    Replace,
    /// An earlier run wrote it, and it is no longer wanted.
    Remove,
}

#[derive(Debug)]
pub(crate) struct Change<'w> {
    pub(crate) path: &'w str,
    pub(crate) action: Action,
    pub(crate) old: Option<Found>,
    pub(crate) new: Option<&'w [u8]>,
    /// Nothing but CRLF for LF.
    pub(crate) line_ends_only: bool,
    /// Why a run must not do it.
    pub(crate) clash: Option<Fault>,
}

#[derive(Debug, Default)]
pub(crate) struct Plan<'w> {
    /// New and changed files by path, then those to remove, then the lock file.
    pub(crate) changes: Vec<Change<'w>>,
    pub(crate) unchanged: usize,
}

impl Plan<'_> {
    pub(crate) fn clashes(&self) -> Vec<Fault> {
        self.changes.iter().filter_map(|change| change.clash.clone()).collect()
    }
}

/// The lock file that an earlier run left. None counts as one that names no file.
pub(crate) fn read_lock(disk: &impl Look) -> Result<Option<Lock>, Fault> {
    match look(disk, LOCK)? {
        Entry::Absent => Ok(None),
        Entry::File(found) => Lock::parse(&found.bytes).map(Some),
        Entry::Other { at, what } => Err(clash::other(&at, what)),
    }
}

/// Compares the folder with what is wanted.
///
/// # Errors
/// A file cannot be read. What must not be overwritten is no error here: see [`Change::clash`].
pub(crate) fn plan<'w>(
    disk: &impl Look,
    wanted: &'w Wanted<'_>,
    lock: Option<&'w Lock>,
) -> Result<Plan<'w>, Fault> {
    disk.forget();
    let mut plan = Plan::default();
    for (path, contents) in &wanted.files {
        let entry = look(disk, path)?;
        plan.compare(path, contents.as_bytes(), entry, &Owner::of(lock, path), wanted.head);
    }
    for (path, digest) in lock.iter().flat_map(|lock| &lock.files) {
        if !wanted.files.contains_key(path.as_str()) {
            plan.remove(path, look(disk, path)?, digest, wanted.head);
        }
    }
    plan.refuse_collisions(wanted);
    plan.compare(LOCK, wanted.lock.as_bytes(), look(disk, LOCK)?, &Owner::Us, wanted.head);
    Ok(plan)
}

fn look(disk: &impl Look, path: &str) -> Result<Entry, Fault> {
    disk.look(path).map_err(|error| Fault::io(path, "read", &error))
}

/// Whose a file is that is in the way.
enum Owner<'l> {
    /// A run's, if it still has this digest.
    Run(&'l Digest),
    Us,
    /// Not in the lock file.
    Other,
    /// There is no lock file.
    Unknown,
}

impl<'l> Owner<'l> {
    fn of(lock: Option<&'l Lock>, path: &str) -> Self {
        match lock.map(|lock| lock.files.get(path)) {
            None => Owner::Unknown,
            Some(None) => Owner::Other,
            Some(Some(digest)) => Owner::Run(digest),
        }
    }
}

impl<'w> Plan<'w> {
    fn compare(&mut self, path: &'w str, new: &'w [u8], entry: Entry, owner: &Owner<'_>, head: &str) {
        let mut change = Change {
            path,
            action: Action::Create,
            old: None,
            new: Some(new),
            line_ends_only: false,
            clash: None,
        };
        match entry {
            Entry::Absent => {}
            Entry::File(found) if found.bytes == new => {
                self.unchanged += 1;
                return;
            }
            Entry::File(found) => {
                change.action = Action::Replace;
                change.line_ends_only = unix(&found.bytes) == new;
                change.clash = match owner {
                    Owner::Us => None,
                    // Git changed it, at most.
                    Owner::Run(_) if change.line_ends_only => None,
                    Owner::Run(digest) if is_as_written(&found.bytes, digest) => not_ours(path, &found, head),
                    _ if change.line_ends_only => Some(clash::line_ends(path)),
                    Owner::Run(_) => Some(clash::edited(path)),
                    Owner::Other => Some(clash::foreign(path)),
                    Owner::Unknown => Some(clash::without_lock(path)),
                };
                change.old = Some(found);
            }
            Entry::Other { at, what } => {
                change.action = Action::Replace;
                change.clash = Some(clash::other(&at, what));
            }
        }
        self.changes.push(change);
    }

    fn remove(&mut self, path: &'w str, entry: Entry, digest: &Digest, head: &str) {
        let (old, clash) = match entry {
            // Whatever else is there now, the file that a run wrote is gone.
            Entry::Absent | Entry::Other { what: Other::Folder | Other::NoFolder, .. } => return,
            Entry::File(found) => {
                let clash = if is_as_written(&found.bytes, digest) {
                    not_ours(path, &found, head)
                } else {
                    Some(clash::edited_and_unwanted(path))
                };
                (Some(found), clash)
            }
            Entry::Other { at, what } => (None, Some(clash::other(&at, what))),
        };
        self.changes.push(Change {
            path,
            action: Action::Remove,
            old,
            new: None,
            line_ends_only: false,
            clash,
        });
    }

    /// Where case does not count, to remove `A` is to remove `a`, which the same run wants.
    fn refuse_collisions(&mut self, wanted: &Wanted<'_>) {
        if self.changes.iter().all(|change| change.action != Action::Remove) {
            return;
        }
        let folded: HashMap<_, _> =
            wanted.files.keys().map(|path| (path.to_ascii_lowercase(), *path)).collect();
        for change in self.changes.iter_mut().filter(|change| change.action == Action::Remove) {
            if let Some(other) = folded.get(&change.path.to_ascii_lowercase()) {
                change.clash.get_or_insert_with(|| clash::case(change.path, other));
            }
        }
    }
}

/// A pull request can add a line with the digest of any file to the lock file.
fn not_ours(path: &str, found: &Found, head: &str) -> Option<Fault> {
    (!found.bytes.starts_with(head.as_bytes())).then(|| clash::claimed(path, head))
}

fn is_as_written(bytes: &[u8], digest: &Digest) -> bool {
    Digest::of(bytes) == *digest || Digest::of(&unix(bytes)) == *digest
}

/// Git may turn LF into CRLF at a checkout (`core.autocrlf`). That is no change by hand.
pub(crate) fn unix(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.windows(2).any(|pair| pair == b"\r\n") {
        return Cow::Borrowed(bytes);
    }
    let mut unix = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => unix.extend(line.iter().chain(b"\n")),
            None => unix.extend(line),
        }
    }
    Cow::Owned(unix)
}
