//! A rendered tree on disk.
//!
//! The folder may contain other files. hallpass never touches files that it did not write, or that were edited since.
//! The lock file ([`LOCK`]) lists hallpass's files. It comes from Git, like everything else in the folder, so its
//! entries count only if a file's digest and header confirm them, and no path may lead out of the folder, through a
//! link, or to a name that starts with a dot.
//!
//! The next run completes an interrupted one: the same fleet renders to the same bytes, so no backups are needed. To go
//! back, use Git.

mod apply;
mod clash;
mod diff;
mod disk;
mod error;
mod folder;
mod out;
mod plan;
mod records;
mod state;
mod wanted;

use std::path::Path;

use hallpass_document::Diagnostic;

pub use crate::output_path::LOCK;
pub use clash::LINE_ENDS;
pub use plan::Action;

use crate::{Digest, File};
use disk::{Disk, Entry, Look};
use plan::plan;
use records::Records;
use state::State;
use wanted::Wanted;

/// The tree to write.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'t> {
    /// The first line of the lock file: what to change in place of the files.
    pub first_line: &'t str,
    /// The first words of every rendered file, for any fleet. A file that does not start with them is not hallpass's,
    /// even if the lock file names it with its digest.
    pub head: &'t str,
    /// The files, in any order.
    pub files: &'t [File],
    /// The local allowlist files that the fleet names.
    pub allowlists: &'t [Input],
}

/// An input of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The path relative to the fleet, with `/` as the separator.
    pub path: String,
    /// The digest of the contents.
    pub digest: Digest,
}

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The changed files.
    pub changes: Vec<(String, Action)>,
    /// The number of unchanged files.
    pub unchanged: usize,
    /// Whether an earlier run was interrupted. This run has completed the tree.
    pub interrupted: bool,
}

/// The differences between a folder and its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// The files that differ.
    pub changes: Vec<Difference>,
    /// The number of files that do not differ.
    pub unchanged: usize,
    /// Whether a run was interrupted or is still running: the folder may be incomplete.
    pub interrupted: bool,
}

/// The difference in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path relative to the folder.
    pub path: String,
    /// What a run would do.
    pub action: Action,
    /// A unified diff from the existing to the wanted contents; empty if the existing contents cannot be read as a
    /// file.
    pub diff: String,
    /// Whether only the line endings differ. [`LINE_ENDS`] explains a possible cause.
    pub line_ends_only: bool,
    /// Why a run would refuse the change.
    pub clash: Option<Diagnostic>,
}

impl Differences {
    /// Whether a run would change anything.
    #[must_use]
    pub fn out_of_date(&self) -> bool {
        self.interrupted || !self.changes.is_empty()
    }
}

/// Compares the folder with the tree. Writes nothing.
///
/// # Errors
/// A path of the tree that is not portable, an invalid lock file, or a file that cannot be read.
pub fn check(out: &Path, tree: &Tree<'_>) -> Result<Differences, Vec<Diagnostic>> {
    let wanted = Wanted::new(tree)?;
    match out::open(out)? {
        Some(folder) => Ok(differences(&folder, &wanted)?),
        None => Ok(differences(&Nothing, &wanted)?),
    }
}

/// Writes the tree to the folder, and creates the folder if it does not exist.
///
/// Changes nothing before all new files are on the disk. If a run is interrupted after that, the folder is incomplete:
/// each file is either the old or the new one, [`check`] reports this state, and the next call completes the tree.
///
/// # Errors
/// As for [`check`]; anything in the way of the tree; another run in the folder; errors of the operating system.
pub fn write(out: &Path, tree: &Tree<'_>) -> Result<Written, Vec<Diagnostic>> {
    let wanted = Wanted::new(tree)?;
    write_to(&out::open_or_make(out)?, &wanted)
}

fn differences(disk: &impl Look, wanted: &Wanted<'_>) -> Result<Differences, Diagnostic> {
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

fn write_to(disk: &impl Disk, wanted: &Wanted<'_>) -> Result<Written, Vec<Diagnostic>> {
    // A run with nothing to do, or with something in its way, leaves no trace, not even temporarily. But if another run
    // is active, this one may have read incomplete files.
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
                Diagnostic::of_file("", "an interrupted run has left the folder incomplete")
                    .help("fix the other errors and run `hallpass render` again: it completes the tree"),
            );
        }
        faults
    })
}

fn nothing_to_do(disk: &impl Look, wanted: &Wanted<'_>) -> Result<Option<Written>, Vec<Diagnostic>> {
    let records = Records::read(disk)?;
    let plan = plan(disk, wanted, &records)?.unhindered()?;
    let written = Written { unchanged: plan.unchanged, ..Written::default() };
    Ok(plan.changes.is_empty().then_some(written))
}

fn write_alone(disk: &impl Disk, wanted: &Wanted<'_>) -> Result<Written, Vec<Diagnostic>> {
    let records = Records::read(disk)?;
    let plan = plan(disk, wanted, &records)?.unhindered()?;
    let interrupted = records.interrupted();
    if interrupted || !plan.changes.is_empty() {
        apply::apply(disk, &plan, &wanted.lock)?;
    }
    let changes = plan.changes.iter().map(|change| (change.path.to_owned(), change.action)).collect();
    Ok(Written { changes, unchanged: plan.unchanged, interrupted })
}

/// A folder that does not exist.
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
