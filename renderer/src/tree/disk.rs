//! The operations that a tree needs of a file system, and no more: tests put faults between them.

use std::fs::File;
use std::io;

use super::fault::Fault;

/// What is at a path.
#[derive(Debug)]
pub(crate) enum Entry {
    Absent,
    /// A regular file, and its bytes.
    File(Vec<u8>),
    /// Something that is never opened or replaced, at the path or above it.
    Other {
        at: String,
        what: Other,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    Link,
    Folder,
    /// A file where a folder is needed.
    NoFolder,
    /// A pipe, a socket, a device.
    Special,
    Large,
}

/// The largest file that is read, in bytes. What a run writes is far smaller.
pub(crate) const LARGEST: u64 = 64 * 1024 * 1024;

/// Reads without following links.
pub(crate) trait Look {
    /// What is at a path below the folder.
    fn look(&self, path: &str) -> io::Result<Entry>;
    /// The names in a folder; none if it is not there.
    fn names(&self, folder: &str) -> io::Result<Vec<String>>;
}

pub(crate) fn look(disk: &impl Look, path: &str) -> Result<Entry, Fault> {
    disk.look(path).map_err(|error| Fault::io(path, "read", &error))
}

/// Changes below the folder, never through a link. An operation that fails has changed nothing, but for
/// [`Disk::create`], which may leave the beginning of its file.
pub(crate) trait Disk: Look {
    /// Makes a folder, unless something is there.
    fn make_folder(&self, path: &str) -> io::Result<()>;
    /// Writes a file that is not there yet.
    fn create(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Replaces what is at `to` in one step.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove_file(&self, path: &str) -> io::Result<()>;
    /// Removes a folder, if it is there and empty.
    fn remove_folder(&self, path: &str) -> io::Result<()>;
    /// Waits until files, and the entries of folders, would survive a loss of power.
    fn sync(&self, paths: &[String]) -> io::Result<()>;
    /// Opens or creates a file, and keeps every other run from holding it, until it is unlocked or the process ends in
    /// whatever way. `WouldBlock`: another run holds it. `NotFound`: the run that held it has just removed it.
    fn hold(&self, path: &str) -> io::Result<File>;
}
