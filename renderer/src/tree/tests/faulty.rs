//! A disk that fails at a chosen operation.

use std::cell::Cell;
use std::io::{self, ErrorKind};

use crate::tree::disk::{Disk, Entry, Look};
use crate::tree::folder::Folder;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// One operation fails and changes nothing. When creating a file, half of it is written.
    Fails,
    /// One operation succeeds, but is reported as failed.
    FailsDone,
    /// From here on, no operation has an effect: the process is dead.
    Dies,
    /// Like `Dies`, but the operation itself succeeds.
    DiesDone,
    /// From here on, no space is left for new files. Half of the first one is written.
    Fills,
    /// From here on, changes are denied.
    Denies,
    Never,
}

pub(super) struct Faulty {
    inner: Folder,
    fault: Trouble,
    at: usize,
    step: Cell<usize>,
}

impl Faulty {
    pub(super) fn new(inner: Folder, fault: Trouble, at: usize) -> Self {
        Faulty { inner, fault, at, step: Cell::new(0) }
    }

    /// Whether the run reached the operation.
    pub(super) fn happened(&self) -> bool {
        self.step.get() > self.at
    }

    pub(super) fn steps(&self) -> usize {
        self.step.get()
    }

    fn operation<T>(
        &self,
        kind: Kind,
        full: impl FnOnce() -> io::Result<T>,
        half: impl FnOnce(),
    ) -> io::Result<T> {
        let step = self.step.get();
        self.step.set(step + 1);
        let (now, since) = (step == self.at, step >= self.at);
        let faulty = match self.fault {
            Trouble::Fails | Trouble::FailsDone => now,
            Trouble::Dies | Trouble::DiesDone => since,
            Trouble::Fills => since && kind == Kind::Create,
            Trouble::Denies => since && kind != Kind::Read,
            Trouble::Never => false,
        };
        if !faulty {
            return full();
        }
        if now && matches!(self.fault, Trouble::FailsDone | Trouble::DiesDone) {
            full()?;
        } else if now && self.fault != Trouble::Denies {
            half();
        }
        Err(match self.fault {
            Trouble::Fills => ErrorKind::StorageFull,
            Trouble::Denies => ErrorKind::PermissionDenied,
            _ => ErrorKind::Other,
        }
        .into())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Create,
    Change,
}

impl Look for Faulty {
    fn look(&self, path: &str) -> io::Result<Entry> {
        self.operation(Kind::Read, || self.inner.look(path), || {})
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        self.operation(Kind::Read, || self.inner.names(folder), || {})
    }
}

impl Disk for Faulty {
    fn make_folder(&self, path: &str) -> io::Result<()> {
        self.operation(Kind::Create, || self.inner.make_folder(path), || {})
    }

    fn create(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let half = || {
            let _ = self.inner.create(path, &bytes[..bytes.len() / 2]);
        };
        self.operation(Kind::Create, || self.inner.create(path, bytes), half)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.operation(Kind::Change, || self.inner.rename(from, to), || {})
    }

    fn remove_file(&self, path: &str) -> io::Result<()> {
        self.operation(Kind::Change, || self.inner.remove_file(path), || {})
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        self.operation(Kind::Change, || self.inner.remove_folder(path), || {})
    }

    /// Does not wait for the disk: thousands of runs would take minutes, and a dead process leaves the same state.
    fn sync(&self, _: &[String]) -> io::Result<()> {
        self.operation(Kind::Change, || Ok(()), || {})
    }

    fn hold(&self, path: &str) -> io::Result<std::fs::File> {
        self.operation(Kind::Create, || self.inner.hold(path), || {})
    }
}
