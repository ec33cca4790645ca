//! The only code that changes a tree.
//!
//! 1. New and old bytes are laid into the state folder, then the journal. Nothing of the tree has changed.
//! 2. Each new file is moved into its place, each unwanted one removed, the lock file last.
//! 3. The journal is removed. From here the run has happened.
//!
//! A run that stops before 3, for an error or for good, is undone from the journal, by itself or by the next run. To
//! undo needs no space on the disk, and can itself be stopped and begun again.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};

use super::disk::{Disk, Entry};
use super::fault::Fault;
use super::journal::{JOURNAL, Journal, STATE, Swap, new_name, old_name};
use super::path::ancestors;
use super::plan::Change;
use super::state::{DRAFT, State};
use crate::Digest;

/// Carries out the changes: all of them, or none.
pub(crate) fn carry_out<D: Disk>(
    disk: &D,
    state: State<'_, D>,
    changes: &[Change<'_>],
) -> Result<(), Vec<Fault>> {
    disk.forget();
    let journal = match journal(disk, &state, changes) {
        Ok(journal) => journal,
        Err(fault) => {
            state.leave();
            return Err(vec![fault]);
        }
    };
    let done = stage(disk, changes, &journal).and_then(|()| swap(disk, changes, &journal));
    let Err(fault) = done else {
        // The old bytes must outlive the journal. The next run clears what stays.
        if disk.sync(&[], &[STATE.to_owned()]).is_ok() {
            state.leave();
        }
        return Ok(());
    };
    match undo(disk, &journal) {
        Ok(()) => {
            state.leave();
            Err(vec![fault])
        }
        Err(again) => Err(vec![fault, again.help(HALF)]),
    }
}

const HALF: &str = "the folder is half written: the next `hallpass render` puts back what was there before";

fn journal<D: Disk>(disk: &D, state: &State<'_, D>, changes: &[Change<'_>]) -> Result<Journal, Fault> {
    let wanted: BTreeSet<&str> = changes
        .iter()
        .filter(|change| change.new.is_some())
        .flat_map(|change| ancestors(change.path))
        .collect();
    let mut folders = Vec::new();
    for folder in wanted {
        if matches!(look(disk, folder)?, Entry::Absent) {
            folders.push(folder.to_owned());
        }
    }
    let files = changes.iter().map(|change| Swap {
        path: change.path.to_owned(),
        old: change.old.as_ref().map(|found| Digest::of(&found.bytes)),
        new: change.new.map(Digest::of),
    });
    Ok(Journal::new(state.identity(), folders, files.collect()))
}

fn stage(disk: &impl Disk, changes: &[Change<'_>], journal: &Journal) -> Result<(), Fault> {
    let mut files = vec![DRAFT.to_owned()];
    for (index, change) in changes.iter().enumerate() {
        let failed = |error| Fault::io(change.path, "written", &error);
        if let Some(old) = &change.old {
            files.push(old_name(index));
            disk.create(&old_name(index), &old.bytes, Some(&old.permissions)).map_err(failed)?;
        }
        if let Some(new) = change.new {
            files.push(new_name(index));
            disk.create(&new_name(index), new, None).map_err(failed)?;
        }
    }
    disk.create(DRAFT, journal.text()?.as_bytes(), None)
        .and_then(|()| disk.sync(&files, &[]))
        .and_then(|()| disk.rename(DRAFT, JOURNAL))
        .and_then(|()| disk.sync(&[], &[STATE.to_owned(), String::new()]))
        .map_err(|error| Fault::io("", "written to", &error))
}

fn swap(disk: &impl Disk, changes: &[Change<'_>], journal: &Journal) -> Result<(), Fault> {
    disk.forget();
    for folder in &journal.folders {
        disk.make_folder(folder).map_err(|error| Fault::io(folder, "made", &error))?;
    }
    let mut touched = BTreeSet::from([String::new()]);
    for (index, (change, file)) in changes.iter().zip(&journal.files).enumerate() {
        if now(disk, change.path)? != Now::from(file.old) {
            let message = format!("`{}` was changed by another program during the run", change.path);
            return Err(Fault::new(change.path, message).help("render again"));
        }
        touched.extend(ancestors(change.path).map(str::to_owned));
        match change.new {
            Some(_) => disk.rename(&new_name(index), change.path),
            None => disk.remove_file(change.path),
        }
        .map_err(|error| {
            Fault::io(change.path, if change.new.is_some() { "written" } else { "removed" }, &error)
        })?;
    }
    let removed = changes.iter().filter(|change| change.new.is_none());
    let emptied: BTreeSet<&str> = removed.flat_map(|change| ancestors(change.path)).collect();
    for folder in emptied.into_iter().rev() {
        if remove_if_empty(disk, folder).map_err(|error| Fault::io(folder, "removed", &error))? {
            touched.remove(folder);
        }
    }
    disk.sync(&[], &touched.into_iter().collect::<Vec<_>>())
        .and_then(|()| disk.remove_file(JOURNAL))
        .map_err(|error| Fault::io("", "written to", &error))
}

/// Puts back what was there before the run of this journal, as far as the run is what changed it: what anybody else
/// has changed since is left alone, and found by the plan of the next run. Nothing is changed before all is checked.
pub(crate) fn undo(disk: &impl Disk, journal: &Journal) -> Result<(), Fault> {
    disk.forget();
    let mut steps = Vec::new();
    for (index, file) in journal.files.iter().enumerate() {
        let now = now(disk, &file.path)?;
        let by_the_run = now == Now::from(file.new) || now == Now::Absent;
        match file.old {
            _ if now == Now::from(file.old) || !by_the_run => {}
            None => steps.push((file, None)),
            Some(old) if self::now(disk, &old_name(index))? == Now::File(old) => {
                steps.push((file, Some(old_name(index))));
            }
            Some(_) => {
                let message = format!("what `{}` was before an interrupted run is lost", file.path);
                return Err(Fault::new(&file.path, message)
                    .help(format!("restore it from Git, remove `{STATE}`, and render again")));
            }
        }
    }
    let mut touched = BTreeSet::from([String::new()]);
    // The lock file first, as it came last.
    for (file, old) in steps.into_iter().rev() {
        let back = || match old {
            None => disk.remove_file(&file.path),
            Some(old) => {
                make_ancestors(disk, &file.path)?;
                disk.rename(&old, &file.path)
            }
        };
        back().map_err(|error| Fault::io(&file.path, "put back", &error))?;
        touched.extend(ancestors(&file.path).map(str::to_owned));
    }
    for folder in journal.folders.iter().rev() {
        if remove_if_empty(disk, folder).map_err(|error| Fault::io(folder, "removed", &error))? {
            touched.remove(folder);
        }
    }
    disk.sync(&[], &touched.into_iter().collect::<Vec<_>>())
        .map_err(|error| Fault::io("", "written to", &error))
}

fn make_ancestors(disk: &impl Disk, path: &str) -> io::Result<()> {
    ancestors(path).try_for_each(|folder| match disk.make_folder(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    })
}

/// Whether the folder is gone.
fn remove_if_empty(disk: &impl Disk, folder: &str) -> io::Result<bool> {
    match disk.remove_folder(folder) {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Ok(true),
            ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory => Ok(false),
            _ => Err(error),
        },
    }
}

/// What is at a path now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Now {
    Absent,
    File(Digest),
    /// Nothing that a run puts there.
    Other,
}

impl From<Option<Digest>> for Now {
    fn from(digest: Option<Digest>) -> Self {
        digest.map_or(Now::Absent, Now::File)
    }
}

fn now(disk: &impl Disk, path: &str) -> Result<Now, Fault> {
    Ok(match look(disk, path)? {
        Entry::Absent => Now::Absent,
        Entry::File(found) => Now::File(Digest::of(&found.bytes)),
        Entry::Other { .. } => Now::Other,
    })
}

fn look(disk: &impl Disk, path: &str) -> Result<Entry, Fault> {
    disk.look(path).map_err(|error| Fault::io(path, "read", &error))
}
