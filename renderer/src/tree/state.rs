//! The lock between runs, and the state folder that a run keeps until it completes.

use std::fs::File;
use std::io::ErrorKind::{AlreadyExists, NotFound, WouldBlock};

use super::clash;
use super::disk::{Disk, Entry, Look, Other, look};
use super::error::io_error;
use crate::Digest;
use hallpass_document::Diagnostic;

/// The state folder. Manifests are elsewhere, so files that a killed run leaves here are never applied. Git ignores the
/// folder.
pub(crate) const STATE: &str = ".hallpass-render";

const RUNNING: &str = ".hallpass-render/running";
const IGNORE: &str = ".hallpass-render/.gitignore";
pub(crate) const DRAFT: &str = ".hallpass-render/draft";

/// The file that will be moved into the tree for the plan's change with this index.
pub(crate) fn new_name(index: usize) -> String {
    format!("{STATE}/new-{index}")
}

/// The lock file that a run is about to write. Equal runs share it, so runs that are killed repeatedly do not
/// accumulate files.
pub(crate) fn pending_name(lock: &str) -> String {
    format!("{STATE}/pending-{}", Digest::of(lock.as_bytes())).replace(':', "-")
}

/// Returns the lock files that interrupted runs were about to write.
pub(crate) fn pending(disk: &impl Look) -> Result<Vec<String>, Diagnostic> {
    if !is_there(disk)? {
        return Ok(Vec::new());
    }
    let mut names = disk.names(STATE).map_err(|error| io_error(STATE, "read", &error))?;
    names.retain(|name| name.starts_with("pending-"));
    Ok(names.iter().map(|name| format!("{STATE}/{name}")).collect())
}

/// Whether a run is active, or has left something behind.
pub(crate) fn is_there(disk: &impl Look) -> Result<bool, Diagnostic> {
    match look(disk, STATE)? {
        Entry::Absent => Ok(false),
        Entry::Other { what: Other::Folder, .. } => Ok(true),
        Entry::Other { at, what } => Err(clash::other(&at, what)),
        Entry::File(_) => Err(clash::other(STATE, Other::NoFolder)),
    }
}

/// The state folder, locked by this run.
pub(crate) struct State<'d, D> {
    disk: &'d D,
    held: File,
}

impl<'d, D: Disk> State<'d, D> {
    /// Does not wait: the second of two concurrent runs fails.
    pub(crate) fn enter(disk: &'d D) -> Result<Self, Diagnostic> {
        // Each failed attempt means that another run has just ended.
        const TURNS: usize = 16;
        for _ in 0..TURNS {
            disk.make_folder(STATE).map_err(|error| io_error("", "written to", &error))?;
            is_there(disk)?;
            match disk.hold(RUNNING) {
                Ok(held) => return Ok(State { disk, held }),
                Err(error) if error.kind() == NotFound => {}
                Err(error) if error.kind() == WouldBlock => return Err(busy()),
                Err(error) => {
                    // Succeeds only if the folder is empty, which means that it is new.
                    let _ = disk.remove_folder(STATE);
                    let fault = io_error(RUNNING, "locked", &error);
                    let help = || format!("if no other run is at work, remove `{STATE}`");
                    return Err(Diagnostic { help: fault.help.or_else(|| Some(help())), ..fault });
                }
            }
        }
        Err(busy())
    }

    /// Prepares the folder for a run, and removes leftovers of earlier runs.
    pub(crate) fn prepare(&self) -> Result<(), Diagnostic> {
        self.clear().map_err(|error| io_error(STATE, "cleared", &error))?;
        match self.disk.create(IGNORE, b"*\n") {
            Err(error) if error.kind() != AlreadyExists => Err(io_error(IGNORE, "written", &error)),
            _ => Ok(()),
        }
    }

    /// Removes the files that were to be moved into the tree.
    fn clear(&self) -> std::io::Result<()> {
        let ours = |name: &String| name == "draft" || is_new(name);
        let mut names = self.disk.names(STATE)?.into_iter().filter(ours);
        names.try_for_each(|name| self.disk.remove_file(&format!("{STATE}/{name}")))
    }

    /// Removes the folder, unless the tree is still incomplete, and returns whether it is. Files that cannot be removed
    /// are harmless, and the next run tries again.
    pub(crate) fn leave(self) -> bool {
        let incomplete = pending(self.disk).map_or(true, |pending| !pending.is_empty());
        let _ = self.clear();
        if !incomplete {
            let _ = self.disk.remove_file(IGNORE);
            let _ = self.disk.remove_file(RUNNING);
            let _ = self.disk.remove_folder(STATE);
        }
        // Closing the file is not enough while a process that was started in the meantime also has it open.
        let _ = self.held.unlock();
        incomplete
    }
}

fn is_new(name: &str) -> bool {
    name.strip_prefix("new-").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn busy() -> Diagnostic {
    Diagnostic::of_file("", "another `hallpass render` is writing to this folder")
        .help("wait until it completes")
}
