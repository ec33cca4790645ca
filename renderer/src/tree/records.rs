//! The files that hallpass has written to a folder, according to the folder itself.
//!
//! The lock file lists what the last complete run wrote. Before a run changes anything, it also saves the lock file
//! that it is about to write as *pending*; the run that completes, this one or a later one, removes it. So wherever a
//! run was interrupted, each of its files is recorded with its digest.
//!
//! Pull requests can change all of these records. They cannot name other paths than the lock file could, and a file
//! that does not start like hallpass's files is never treated as ours.

use std::collections::BTreeSet;

use super::clash;
use super::disk::{Entry, Look, look};
use super::plan::unix;
use super::state::{STATE, pending};
use crate::Digest;
use crate::lock::Lock;
use crate::output_path::LOCK;
use hallpass_document::Diagnostic;

pub(crate) struct Records {
    pub(crate) lock: Option<Lock>,
    pending: Vec<Lock>,
}

impl Records {
    /// # Errors
    /// A record exists but is invalid.
    pub(crate) fn read(disk: &impl Look) -> Result<Self, Diagnostic> {
        // In this order: a run that completes concurrently moves the pending lock file into place.
        let pending = pending(disk)?;
        let pending =
            pending.iter().filter_map(|path| read(disk, path).transpose()).collect::<Result<_, _>>()?;
        Ok(Records { lock: read(disk, LOCK)?, pending })
    }

    /// Whether an earlier run did not complete.
    pub(crate) fn interrupted(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Returns every recorded path.
    pub(crate) fn paths(&self) -> BTreeSet<&str> {
        self.all().flat_map(|lock| lock.files.keys().map(String::as_str)).collect()
    }

    /// Returns the record that lists a file: [`LOCK`], or one in [`STATE`].
    pub(crate) fn naming(&self, path: &str) -> Option<&'static str> {
        let named = |lock: &Lock| lock.files.contains_key(path);
        if self.lock.as_ref().is_some_and(named) {
            Some(LOCK)
        } else {
            self.pending.iter().any(named).then_some(STATE)
        }
    }

    /// Whether a run wrote these bytes there, ignoring line endings.
    pub(crate) fn wrote(&self, path: &str, bytes: &[u8]) -> bool {
        let now = [Digest::of(bytes), Digest::of(&unix(bytes))];
        self.all().filter_map(|lock| lock.files.get(path)).any(|digest| now.contains(digest))
    }

    fn all(&self) -> impl Iterator<Item = &Lock> {
        self.lock.iter().chain(&self.pending)
    }
}

fn read(disk: &impl Look, path: &str) -> Result<Option<Lock>, Diagnostic> {
    match look(disk, path)? {
        Entry::Absent => Ok(None),
        Entry::File(bytes) => match Lock::parse(&bytes) {
            Err(fault) if path != LOCK => Err(Diagnostic { file: path.to_owned(), ..fault }.help(STRANGE)),
            lock => lock.map(Some),
        },
        Entry::Other { at, what } => Err(clash::other(&at, what)),
    }
}

const STRANGE: &str =
    "check the folder with `git status`, remove `.hallpass-render`, and run `hallpass render` again";
