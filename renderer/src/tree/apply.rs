//! The only code that changes a tree.
//!
//! 1. Write the new files to the state folder, and then the new lock file as *pending*. The tree is unchanged.
//! 2. Move each new file into place, and remove each unwanted file.
//! 3. Remove the pending lock files of earlier runs, and move the new lock file into place. Now the run is complete.
//!
//! A run that stops after step 1 is not undone; use Git for that. Its pending lock file stays, so the next run
//! recognizes its files by either digest ([`Records`](super::records::Records)) and completes the tree, even if the
//! tree has changed in the meantime.

use std::collections::BTreeSet;

use super::disk::{Disk, Entry, look};
use super::error::io_error;
use super::plan::{Change, Plan};
use super::state::{DRAFT, STATE, new_name, pending, pending_name};
use crate::output_path::LOCK;
use crate::output_path::ancestors;
use hallpass_document::Diagnostic;

/// Carries out the changes, and writes the lock file.
pub(crate) fn apply(disk: &impl Disk, plan: &Plan<'_>, lock: &str) -> Result<(), Diagnostic> {
    let (files, lock_change) = match plan.changes.split_last() {
        Some((last, files)) if last.path == LOCK => (files, Some(last)),
        _ => (plan.changes.as_slice(), None),
    };
    let ours = pending_name(lock);
    stage(disk, files, lock, &ours)?;
    change(disk, files, &plan.unwanted)?;
    for path in pending(disk)?.iter().filter(|path| **path != ours) {
        disk.remove_file(path).map_err(|error| io_error(path, "removed", &error))?;
    }
    match lock_change {
        Some(change) => put(disk, change, &ours)?,
        None => disk.remove_file(&ours).map_err(|error| io_error(&ours, "removed", &error))?,
    }
    sync(disk, &[STATE.to_owned(), String::new()])
}

fn stage(disk: &impl Disk, files: &[Change<'_>], lock: &str, ours: &str) -> Result<(), Diagnostic> {
    let mut staged = vec![DRAFT.to_owned()];
    for (index, change) in files.iter().enumerate() {
        if let Some(new) = change.new {
            disk.create(&new_name(index), new).map_err(|error| io_error(change.path, "written", &error))?;
            staged.push(new_name(index));
        }
    }
    disk.create(DRAFT, lock.as_bytes()).map_err(|error| io_error(LOCK, "written", &error))?;
    sync(disk, &staged)?;
    disk.rename(DRAFT, ours).map_err(|error| io_error(ours, "written", &error))?;
    sync(disk, &[STATE.to_owned(), String::new()])
}

fn change(disk: &impl Disk, files: &[Change<'_>], unwanted: &[&str]) -> Result<(), Diagnostic> {
    let wanted = files.iter().filter(|change| change.new.is_some());
    for folder in wanted.flat_map(|change| ancestors(change.path)).collect::<BTreeSet<_>>() {
        disk.make_folder(folder).map_err(|error| io_error(folder, "created", &error))?;
    }
    for (index, change) in files.iter().enumerate() {
        put(disk, change, &new_name(index))?;
    }
    let touched: BTreeSet<&str> =
        files.iter().flat_map(|change| ancestors(change.path)).chain([""]).collect();
    sync(disk, &touched.into_iter().map(str::to_owned).collect::<Vec<_>>())?;
    let emptied: BTreeSet<&str> = unwanted.iter().flat_map(|path| ancestors(path)).collect();
    emptied.into_iter().rev().try_for_each(|folder| {
        disk.remove_folder(folder).map_err(|error| io_error(folder, "removed", &error))
    })
}

/// Makes one change, if the existing file is still the one in the plan.
fn put(disk: &impl Disk, change: &Change<'_>, new: &str) -> Result<(), Diagnostic> {
    let path = change.path;
    let unchanged = match (look(disk, path)?, &change.old) {
        (Entry::Absent, None) => true,
        (Entry::File(now), Some(old)) => now == *old,
        _ => false,
    };
    if !unchanged {
        let message = format!("`{path}` was changed by another program during the run");
        return Err(Diagnostic::of_file(path, message).help("render again"));
    }
    match change.new {
        Some(_) => disk.rename(new, path).map_err(|error| io_error(path, "written", &error)),
        None => disk.remove_file(path).map_err(|error| io_error(path, "removed", &error)),
    }
}

fn sync(disk: &impl Disk, paths: &[String]) -> Result<(), Diagnostic> {
    disk.sync(paths).map_err(|error| io_error("", "written to", &error))
}
