//! What hallpass has written to a folder, as far as the folder itself says.
//!
//! The lock file names what the last complete run wrote. A run also leaves the lock file that it is about to write,
//! *pending*, before it changes anything; that goes when a run completes, this one or a later one. So whatever a run was
//! interrupted at, each of its files is on record with the digest that it has.
//!
//! Pull requests can change all of these records. They lead nowhere that the lock file could not lead, and a file that
//! does not begin as hallpass's files do is not made ours by any of them.

use std::collections::BTreeSet;

use super::clash;
use super::disk::{Entry, Look, look};
use super::fault::Fault;
use super::plan::unix;
use super::state::{STATE, pending};
use crate::Digest;
use crate::lock::{LOCK, Lock};

pub(crate) struct Records {
    pub(crate) lock: Option<Lock>,
    pending: Vec<Lock>,
}

impl Records {
    /// # Errors
    /// A record that is there and cannot be believed.
    pub(crate) fn read(disk: &impl Look) -> Result<Self, Fault> {
        // In this order: a run that completes meanwhile moves the one to the place of the other.
        let pending = pending(disk)?;
        let pending =
            pending.iter().filter_map(|path| read(disk, path).transpose()).collect::<Result<_, _>>()?;
        Ok(Records { lock: read(disk, LOCK)?, pending })
    }

    /// An earlier run did not complete.
    pub(crate) fn interrupted(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Every path on record.
    pub(crate) fn paths(&self) -> BTreeSet<&str> {
        self.all().flat_map(|lock| lock.files.keys().map(String::as_str)).collect()
    }

    /// Which record names a file: [`LOCK`], or what is in [`STATE`].
    pub(crate) fn naming(&self, path: &str) -> Option<&'static str> {
        let named = |lock: &Lock| lock.files.contains_key(path);
        if self.lock.as_ref().is_some_and(named) {
            Some(LOCK)
        } else {
            self.pending.iter().any(named).then_some(STATE)
        }
    }

    /// Whether a run wrote these bytes there, up to line ends.
    pub(crate) fn wrote(&self, path: &str, bytes: &[u8]) -> bool {
        let now = [Digest::of(bytes), Digest::of(&unix(bytes))];
        self.all().filter_map(|lock| lock.files.get(path)).any(|digest| now.contains(digest))
    }

    fn all(&self) -> impl Iterator<Item = &Lock> {
        self.lock.iter().chain(&self.pending)
    }
}

fn read(disk: &impl Look, path: &str) -> Result<Option<Lock>, Fault> {
    match look(disk, path)? {
        Entry::Absent => Ok(None),
        Entry::File(bytes) => match Lock::parse(&bytes) {
            Err(fault) if path != LOCK => Err(Fault { path: path.to_owned(), ..fault }.help(STRANGE)),
            lock => lock.map(Some),
        },
        Entry::Other { at, what } => Err(clash::other(&at, what)),
    }
}

const STRANGE: &str =
    "see what `git status` says of the folder, remove `.hallpass-render`, and run `hallpass render` again";
