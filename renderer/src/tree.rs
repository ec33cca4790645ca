//! A rendered tree on a disk.
//!
//! A folder may hold more than the tree: files that hallpass did not write are never touched, nor are files of its own
//! that somebody has changed since. The lock file ([`LOCK`]) tells them apart. It comes from Git, as may everything
//! else in the folder, so it is believed only as far as a file's digest and head prove it, and no path leads out of the
//! folder, through a link, or to a name that begins with a dot.

mod clash;
mod diff;
mod disk;
mod fault;
mod folder;
mod handles;
mod journal;
mod out;
pub(crate) mod path;
mod plan;
mod state;
mod swap;
mod wanted;

use std::path::Path;

pub use crate::lock::LOCK;
pub use clash::LINE_ENDS;
pub use fault::Fault;
pub use path::unfit;
pub use plan::Action;

use crate::{Digest, File};
use disk::{Disk, Entry, Look};
use journal::{JOURNAL, Journal, STATE};
use plan::{Plan, plan, read_lock};
use state::State;
use wanted::Wanted;

/// What a folder is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'t> {
    /// The name of the fleet, for the head of the lock file.
    pub fleet: &'t str,
    /// What every file of a tree begins with, whichever its fleet: a file that does not is not a run's, even if the lock
    /// file names it with its digest.
    pub head: &'t str,
    /// The files, in any order.
    pub files: &'t [File],
    /// The local allowlist files that the fleet names.
    pub allowlists: &'t [Input],
}

/// A file that the tree was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its path relative to the fleet, `/` between names.
    pub path: String,
    /// What was read.
    pub digest: Digest,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files that it changed.
    pub changes: Vec<(String, Action)>,
    /// How many it left as they were.
    pub unchanged: usize,
    /// It first put back what an interrupted run had changed.
    pub recovered: bool,
}

/// How a folder differs from its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// The files that differ.
    pub changes: Vec<Difference>,
    /// How many do not.
    pub unchanged: usize,
    /// A run was interrupted here, or is at work right now: the folder is half written.
    pub interrupted: bool,
}

/// How one file differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path below the folder.
    pub path: String,
    /// What a run would do.
    pub action: Action,
    /// A unified diff from what is there to what is wanted; empty when what is there cannot be read as a file.
    pub diff: String,
    /// Only line ends differ. [`LINE_ENDS`] says why that may be.
    pub line_ends_only: bool,
    /// Why a run would refuse.
    pub clash: Option<Fault>,
}

impl Differences {
    /// Whether a run would have anything to do.
    #[must_use]
    pub fn out_of_date(&self) -> bool {
        self.interrupted || !self.changes.is_empty()
    }
}

/// Compares the folder with the tree. Writes nothing.
///
/// # Errors
/// A path of the tree that is not the same on every system, a lock file that cannot be believed, a file that cannot
/// be read.
pub fn check(out: &Path, tree: &Tree<'_>) -> Result<Differences, Vec<Fault>> {
    let wanted = Wanted::new(tree)?;
    match out::open(out).map_err(one)? {
        Some(folder) => differences(&folder, &wanted).map_err(one),
        None => differences(&Nothing, &wanted).map_err(one),
    }
}

/// Makes the folder hold the tree: all of it, or the folder stays as it was. A folder that does not exist is made.
///
/// # Errors
/// As for [`check`]; whatever is in the way; another run in the folder; what the system refuses. After a kill or a
/// loss of power the folder may be half written: the next call puts back what was there before it does anything else.
pub fn write(out: &Path, tree: &Tree<'_>) -> Result<Written, Vec<Fault>> {
    let wanted = Wanted::new(tree)?;
    if let Some(folder) = out::open(out).map_err(one)? {
        return write_to(&folder, &wanted);
    }
    let made = out::make(out).map_err(one)?;
    let written = match out::open(out).map_err(one)? {
        Some(folder) => write_to(&folder, &wanted),
        None => Err(one(Fault::new("", "the folder was removed during the run"))),
    };
    if written.is_err() {
        for folder in made.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
    written
}

fn one(fault: Fault) -> Vec<Fault> {
    vec![fault]
}

fn differences(disk: &impl Look, wanted: &Wanted<'_>) -> Result<Differences, Fault> {
    let lock = read_lock(disk)?;
    let plan = plan(disk, wanted, lock.as_ref())?;
    let interrupted =
        !matches!(disk.look(JOURNAL).map_err(|error| Fault::io(JOURNAL, "read", &error))?, Entry::Absent);
    let changes = plan.changes.into_iter().map(|change| Difference {
        path: change.path.to_owned(),
        action: change.action,
        diff: diff::unified(&change),
        line_ends_only: change.line_ends_only,
        clash: change.clash,
    });
    Ok(Differences { changes: changes.collect(), unchanged: plan.unchanged, interrupted })
}

fn write_to(disk: &impl Disk, wanted: &Wanted<'_>) -> Result<Written, Vec<Fault>> {
    let alone = || match disk.look(STATE) {
        Ok(entry) => Ok(matches!(entry, Entry::Absent)),
        Err(error) => Err(one(Fault::io(STATE, "read", &error))),
    };
    // A run with nothing to do, or with something in its way, leaves no trace, not even for a moment.
    if alone()? {
        match unchanged_or_hindered(disk, wanted) {
            Ok(None) => {}
            Ok(Some(unchanged)) => return Ok(Written { unchanged, ..Written::default() }),
            Err(faults) if alone()? => return Err(faults),
            // It may have read what another run was writing.
            Err(_) => {}
        }
    }
    let state = State::enter(disk).map_err(one)?;
    // A journal that cannot be believed or undone stays where it is, for its reader to judge.
    let journal = Journal::read(disk, state.identity()).map_err(one)?;
    if let Some(journal) = &journal {
        swap::undo(disk, journal).map_err(one)?;
    }
    write_alone(disk, state, wanted).map(|written| Written { recovered: journal.is_some(), ..written })
}

/// How many files there are, if none is to be changed.
fn unchanged_or_hindered(disk: &impl Look, wanted: &Wanted<'_>) -> Result<Option<usize>, Vec<Fault>> {
    let lock = read_lock(disk).map_err(one)?;
    let plan = unhindered(disk, wanted, lock.as_ref())?;
    Ok(plan.changes.is_empty().then_some(plan.unchanged))
}

/// The plan, if nothing is in its way.
fn unhindered<'w>(
    disk: &impl Look,
    wanted: &'w Wanted<'_>,
    lock: Option<&'w crate::lock::Lock>,
) -> Result<Plan<'w>, Vec<Fault>> {
    let plan = plan(disk, wanted, lock).map_err(one)?;
    let clashes = plan.clashes();
    if clashes.is_empty() { Ok(plan) } else { Err(clashes) }
}

fn write_alone<D: Disk>(disk: &D, state: State<'_, D>, wanted: &Wanted<'_>) -> Result<Written, Vec<Fault>> {
    let lock;
    let planned = match state.prepare().and_then(|()| read_lock(disk)) {
        Ok(found) => {
            lock = found;
            unhindered(disk, wanted, lock.as_ref())
        }
        Err(fault) => Err(one(fault)),
    };
    let plan = match planned {
        Ok(plan) if !plan.changes.is_empty() => plan,
        done => {
            state.leave();
            return done.map(|plan| Written { unchanged: plan.unchanged, ..Written::default() });
        }
    };
    swap::carry_out(disk, state, &plan.changes)?;
    Ok(Written {
        changes: plan.changes.iter().map(|change| (change.path.to_owned(), change.action)).collect(),
        unchanged: plan.unchanged,
        recovered: false,
    })
}

/// A folder that is not there.
struct Nothing;

impl Look for Nothing {
    fn look(&self, _: &str) -> std::io::Result<Entry> {
        Ok(Entry::Absent)
    }

    fn forget(&self) {}
}

#[cfg(test)]
mod tests;
