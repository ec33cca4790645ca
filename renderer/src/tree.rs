//! A rendered tree on a disk.
//!
//! A folder may hold more than the tree: files that hallpass did not write are never touched, nor are files of its own
//! that somebody has changed since. The lock file ([`LOCK`]) tells them apart. It comes from Git, as may everything
//! else in the folder, so it is believed only as far as a file's digest and head prove it, and no path leads out of the
//! folder, through a link, or to a name that begins with a dot.
//!
//! A run that is interrupted is completed by the next one: the same fleet gives the same bytes, so nothing is kept to go
//! back to. Git is for that.

mod apply;
mod clash;
mod diff;
mod disk;
mod fault;
mod folder;
mod out;
pub(crate) mod path;
mod plan;
mod records;
mod state;
mod wanted;

use std::path::Path;

pub use crate::lock::LOCK;
pub use clash::LINE_ENDS;
pub use fault::Fault;
pub use path::unfit;
pub use plan::Action;

use crate::{Digest, File};
use disk::{Disk, Entry, Look};
use plan::plan;
use records::Records;
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
    /// An earlier run was interrupted here. This one has completed the tree.
    pub interrupted: bool,
}

/// How a folder differs from its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// The files that differ.
    pub changes: Vec<Difference>,
    /// How many do not.
    pub unchanged: usize,
    /// A run was interrupted here, or is at work right now: the folder may be half written.
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
    match out::open(out)? {
        Some(folder) => Ok(differences(&folder, &wanted)?),
        None => Ok(differences(&Nothing, &wanted)?),
    }
}

/// Makes the folder hold the tree. A folder that does not exist is made.
///
/// Nothing is changed before all of the tree is on the disk. After that, a run that is interrupted leaves the folder half
/// written: each file is the old one or the new one, [`check`] reports it, and the next call completes the tree.
///
/// # Errors
/// As for [`check`]; whatever is in the way; another run in the folder; what the system refuses.
pub fn write(out: &Path, tree: &Tree<'_>) -> Result<Written, Vec<Fault>> {
    let wanted = Wanted::new(tree)?;
    write_to(&out::open_or_make(out)?, &wanted)
}

fn differences(disk: &impl Look, wanted: &Wanted<'_>) -> Result<Differences, Fault> {
    let records = Records::read(disk)?;
    let plan = plan(disk, wanted, &records)?;
    let changes = plan.changes.into_iter().map(|change| Difference {
        path: change.path.to_owned(),
        action: change.action,
        diff: diff::unified(&change),
        line_ends_only: change.line_ends_only,
        clash: change.clash,
    });
    Ok(Differences {
        changes: changes.collect(),
        unchanged: plan.unchanged,
        interrupted: records.interrupted(),
    })
}

fn write_to(disk: &impl Disk, wanted: &Wanted<'_>) -> Result<Written, Vec<Fault>> {
    // A run with nothing to do, or with something in its way, leaves no trace, not even for a moment. But if another run
    // is at work, it may have read what that one was writing.
    if let Some(done) = nothing_to_do(disk, wanted).transpose()
        && !state::is_there(disk)?
    {
        return done;
    }
    let state = State::enter(disk)?;
    let written = state.prepare().map_err(Vec::from).and_then(|()| write_alone(disk, wanted));
    let incomplete = state.leave();
    written.map_err(|mut faults| {
        if incomplete {
            faults.push(
                Fault::new("", "an interrupted run has left the folder half written")
                    .help("fix the other errors and run `hallpass render` again: it completes the tree"),
            );
        }
        faults
    })
}

fn nothing_to_do(disk: &impl Look, wanted: &Wanted<'_>) -> Result<Option<Written>, Vec<Fault>> {
    let records = Records::read(disk)?;
    let plan = plan(disk, wanted, &records)?.unhindered()?;
    let written = Written { unchanged: plan.unchanged, ..Written::default() };
    Ok(plan.changes.is_empty().then_some(written))
}

fn write_alone(disk: &impl Disk, wanted: &Wanted<'_>) -> Result<Written, Vec<Fault>> {
    let records = Records::read(disk)?;
    let plan = plan(disk, wanted, &records)?.unhindered()?;
    let interrupted = records.interrupted();
    if interrupted || !plan.changes.is_empty() {
        apply::apply(disk, &plan, &wanted.lock)?;
    }
    let changes = plan.changes.iter().map(|change| (change.path.to_owned(), change.action)).collect();
    Ok(Written { changes, unchanged: plan.unchanged, interrupted })
}

/// A folder that is not there.
struct Nothing;

impl Look for Nothing {
    fn look(&self, _: &str) -> std::io::Result<Entry> {
        Ok(Entry::Absent)
    }

    fn names(&self, _: &str) -> std::io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests;
