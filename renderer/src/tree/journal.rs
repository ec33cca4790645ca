//! What an interrupted run was about to change, so that the next one can put back what was there.
//!
//! A journal says which files to replace and remove, and a pull request can add one. So it counts only in the folder
//! where it was made: it names the identity of a file beside it that no copy and no checkout shares.

use serde::{Deserialize, Serialize};

use super::disk::{Disk, Entry, Identity};
use super::fault::Fault;
use super::path::{collision, unfit};
use crate::Digest;
use crate::lock::LOCK;

/// Where a run keeps what it needs until it is done. Manifests lie elsewhere: a file that a killed run leaves behind is
/// never applied, and the folder ignores itself for Git.
pub(crate) const STATE: &str = ".hallpass-render";
pub(crate) const JOURNAL: &str = ".hallpass-render/journal";

const VERSION: u32 = 1;

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    version: u32,
    made_by: Identity,
    /// Folders that the run makes, outermost first.
    pub(crate) folders: Vec<String>,
    pub(crate) files: Vec<Swap>,
}

/// One file that the run changes. Its number in the journal names its old and new bytes in [`STATE`].
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Swap {
    pub(crate) path: String,
    /// What was there; nothing, for a file that the run adds.
    pub(crate) old: Option<Digest>,
    /// What comes there; nothing, for a file that the run removes.
    pub(crate) new: Option<Digest>,
}

impl Journal {
    pub(crate) fn new(made_by: &Identity, folders: Vec<String>, files: Vec<Swap>) -> Self {
        Journal { version: VERSION, made_by: made_by.clone(), folders, files }
    }

    pub(crate) fn text(&self) -> Result<String, Fault> {
        serde_json::to_string_pretty(self).map_err(|error| Fault::new(JOURNAL, error.to_string()))
    }

    /// The journal of an interrupted run, if there is one.
    ///
    /// # Errors
    /// What is there was not left by a run in this folder.
    pub(crate) fn read(disk: &impl Disk, here: &Identity) -> Result<Option<Journal>, Fault> {
        let bytes = match disk.look(JOURNAL).map_err(|error| Fault::io(JOURNAL, "read", &error))? {
            Entry::Absent => return Ok(None),
            Entry::File(found) => found.bytes,
            Entry::Other { .. } => return Err(strange()),
        };
        let journal: Journal = serde_json::from_slice(&bytes).map_err(|_| strange())?;
        if journal.version != VERSION || journal.made_by != *here || !journal.is_sound() {
            return Err(strange());
        }
        Ok(Some(journal))
    }

    fn is_sound(&self) -> bool {
        let fit = |path: &str| path == LOCK || unfit(path).is_none();
        let files = || self.files.iter().map(|file| file.path.as_str());
        files().all(fit)
            && self.folders.iter().all(|path| unfit(path).is_none())
            && collision(files()).is_none()
    }
}

fn strange() -> Fault {
    Fault::new(JOURNAL, "the journal was not left by a run in this folder: it was copied or committed to Git")
        .help(format!(
            "see what `git status` says of the folder, remove `{STATE}`, and run `hallpass render` again"
        ))
}

/// The bytes that a file had before the run.
pub(crate) fn old_name(index: usize) -> String {
    format!("{STATE}/old-{index}")
}

/// The bytes that a file is to have.
pub(crate) fn new_name(index: usize) -> String {
    format!("{STATE}/new-{index}")
}
