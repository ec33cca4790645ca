//! The file system operations that a tree needs. Tests inject errors between them.

use std::fs::File;
use std::io;

use super::error::io_error;
use hallpass_document::Diagnostic;

/// The entry at a path.
#[derive(Debug)]
pub(crate) enum Entry {
    Absent,
    /// A regular file, and its bytes.
    File(Vec<u8>),
    /// An entry that is never opened or replaced, at the path or above it.
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

/// The maximum size of files to read, in bytes. Files that a run writes are far smaller.
pub(crate) const LARGEST: u64 = 64 * 1024 * 1024;

/// Reads without following links.
pub(crate) trait Look {
    /// Returns the entry at a path below the folder.
    fn look(&self, path: &str) -> io::Result<Entry>;
    /// Returns the names in a folder; none if the folder does not exist.
    fn names(&self, folder: &str) -> io::Result<Vec<String>>;
}

pub(crate) fn look(disk: &impl Look, path: &str) -> Result<Entry, Diagnostic> {
    disk.look(path).map_err(|error| io_error(path, "read", &error))
}

/// Changes files below the folder, and never follows links. A failed operation has changed nothing, except that
/// [`Disk::create`] may leave a partial file.
pub(crate) trait Disk: Look {
    /// Creates a folder, unless an entry exists at the path.
    fn make_folder(&self, path: &str) -> io::Result<()>;
    /// Creates a new file.
    fn create(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Replaces the entry at `to` atomically.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove_file(&self, path: &str) -> io::Result<()>;
    /// Removes a folder if it exists and is empty.
    fn remove_folder(&self, path: &str) -> io::Result<()>;
    /// Waits until files and folder entries would survive a power loss.
    fn sync(&self, paths: &[String]) -> io::Result<()>;
    /// Opens or creates a file and locks it against other runs, until it is unlocked or the process ends. `WouldBlock`:
    /// another run holds the lock. `NotFound`: the run that held the lock has just removed the file.
    fn hold(&self, path: &str) -> io::Result<File>;
}
