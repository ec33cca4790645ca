//! The differences between a folder and its tree. This module only reads.

use std::borrow::Cow;
use std::collections::HashMap;

use super::clash;
use super::disk::{Entry, Look, Other, look};
use super::records::Records;
use super::wanted::Wanted;
use crate::output_path::LOCK;
use hallpass_document::Diagnostic;

/// The change to make to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The file does not exist.
    Create,
    /// The file differs.
    Replace,
    /// An earlier run wrote the file, and it is no longer wanted.
    Remove,
}

#[derive(Debug)]
pub(crate) struct Change<'w> {
    pub(crate) path: &'w str,
    pub(crate) action: Action,
    pub(crate) old: Option<Vec<u8>>,
    pub(crate) new: Option<&'w [u8]>,
    /// Whether the only difference is CRLF instead of LF.
    pub(crate) line_ends_only: bool,
    /// Why a run must not make the change.
    pub(crate) clash: Option<Diagnostic>,
}

#[derive(Debug, Default)]
pub(crate) struct Plan<'w> {
    /// New and changed files by path, then removed files, then the lock file.
    pub(crate) changes: Vec<Change<'w>>,
    pub(crate) unchanged: usize,
    /// Every recorded path that is no longer wanted, whether it still exists or not.
    pub(crate) unwanted: Vec<&'w str>,
}

/// Compares the folder with the wanted tree.
///
/// # Errors
/// A file cannot be read. Files that must not be overwritten are not errors here: see [`Change::clash`].
pub(crate) fn plan<'w>(
    disk: &impl Look,
    wanted: &'w Wanted<'_>,
    records: &'w Records,
) -> Result<Plan<'w>, Diagnostic> {
    let mut plan = Plan::default();
    for (path, contents) in &wanted.files {
        plan.compare(path, contents.as_bytes(), look(disk, path)?, |found, line_ends_only| {
            match records.naming(path) {
                // At most, Git has converted it.
                Some(_) if line_ends_only => None,
                Some(record) if records.wrote(path, found) => not_ours(path, found, wanted.head, record),
                _ if line_ends_only => Some(clash::line_ends(path)),
                Some(_) => Some(clash::edited(path)),
                None if records.lock.is_some() => Some(clash::foreign(path)),
                None => Some(clash::without_lock(path)),
            }
        });
    }
    for path in records.paths().into_iter().filter(|path| !wanted.files.contains_key(path)) {
        plan.unwanted.push(path);
        let record = records.naming(path).unwrap_or(LOCK);
        plan.remove(path, look(disk, path)?, |found| {
            if records.wrote(path, found) {
                not_ours(path, found, wanted.head, record)
            } else {
                Some(clash::edited_and_unwanted(path))
            }
        });
    }
    plan.refuse_collisions(wanted);
    plan.compare(LOCK, wanted.lock.as_bytes(), look(disk, LOCK)?, |_, _| None);
    Ok(plan)
}

/// A pull request can add a line with the digest of any file to a record.
fn not_ours(path: &str, found: &[u8], head: &str, record: &str) -> Option<Diagnostic> {
    (!found.starts_with(head.as_bytes())).then(|| clash::claimed(path, head, record))
}

impl<'w> Plan<'w> {
    fn compare(
        &mut self,
        path: &'w str,
        new: &'w [u8],
        entry: Entry,
        clash: impl Fn(&[u8], bool) -> Option<Diagnostic>,
    ) {
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
            Entry::File(found) if found == new => {
                self.unchanged += 1;
                return;
            }
            Entry::File(found) => {
                change.action = Action::Replace;
                change.line_ends_only = unix(&found) == new;
                change.clash = clash(&found, change.line_ends_only);
                change.old = Some(found);
            }
            Entry::Other { at, what } => {
                change.action = Action::Replace;
                change.clash = Some(clash::other(&at, what));
            }
        }
        self.changes.push(change);
    }

    fn remove(&mut self, path: &'w str, entry: Entry, clash: impl Fn(&[u8]) -> Option<Diagnostic>) {
        let (old, clash) = match entry {
            // Whatever exists there now, the file that a run wrote is gone.
            Entry::Absent | Entry::Other { what: Other::Folder | Other::NoFolder, .. } => return,
            Entry::File(found) => {
                let clash = clash(&found);
                (Some(found), clash)
            }
            Entry::Other { at, what } => (None, Some(clash::other(&at, what))),
        };
        let (action, line_ends_only) = (Action::Remove, false);
        self.changes.push(Change { path, action, old, new: None, line_ends_only, clash });
    }

    /// Returns the plan, if nothing is in its way.
    pub(crate) fn unhindered(self) -> Result<Self, Vec<Diagnostic>> {
        let clashes: Vec<_> = self.changes.iter().filter_map(|change| change.clash.clone()).collect();
        if clashes.is_empty() { Ok(self) } else { Err(clashes) }
    }

    /// On a file system that ignores case, removing `A` also removes `a`, which the same run wants.
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

/// Git may convert LF to CRLF at checkout (`core.autocrlf`). That does not count as an edit.
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
