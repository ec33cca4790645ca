//! One run at a time, and what it leaves in the state folder.

use std::io::ErrorKind::{AlreadyExists, NotFound};

use super::clash;
use super::disk::{Disk, Entry, Held, Hold, Identity, Other};
use super::fault::Fault;
use super::journal::{JOURNAL, STATE};

const RUNNING: &str = ".hallpass-render/running";
const IGNORE: &str = ".hallpass-render/.gitignore";
pub(crate) const DRAFT: &str = ".hallpass-render/draft";

/// The state folder, held by this run alone.
pub(crate) struct State<'d, D> {
    disk: &'d D,
    held: Held,
}

impl<'d, D: Disk> State<'d, D> {
    /// Waits for nobody: of two runs at once, the second says so.
    pub(crate) fn enter(disk: &'d D) -> Result<Self, Fault> {
        // Each turn that fails means that another run has just ended.
        const TURNS: usize = 16;
        for _ in 0..TURNS {
            match disk.make_folder(STATE) {
                Err(error) if error.kind() != AlreadyExists => {
                    return Err(Fault::io("", "written to", &error));
                }
                _ => {}
            }
            match disk.look(STATE) {
                Ok(Entry::Other { what: Other::Folder, .. } | Entry::Absent) => {}
                Ok(Entry::Other { at, what }) => return Err(clash::other(&at, what)),
                Ok(Entry::File(_)) => return Err(clash::other(STATE, Other::NoFolder)),
                Err(error) => return Err(Fault::io(STATE, "read", &error)),
            }
            match disk.hold(RUNNING) {
                Ok(Hold::Held(held)) => return Ok(State { disk, held }),
                Ok(Hold::Busy) => return Err(busy()),
                Ok(Hold::Gone) => {}
                Err(error) if error.kind() == NotFound => {}
                Err(error) => {
                    // Goes only if it is empty, so if it is new.
                    let _ = disk.remove_folder(STATE);
                    let fault = Fault::io(RUNNING, "locked", &error);
                    return Err(match fault.help {
                        Some(_) => fault,
                        None => fault.help(format!("if no other run is at work, remove `{STATE}`")),
                    });
                }
            }
        }
        Err(busy())
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.held.identity
    }

    /// Makes room for a run, after what may be left of an earlier one.
    pub(crate) fn prepare(&self) -> Result<(), Fault> {
        self.clear().map_err(|error| Fault::io(STATE, "cleared", &error))?;
        self.disk.create(IGNORE, b"*\n", None).map_err(|error| Fault::io(IGNORE, "written", &error))
    }

    /// Removes all that a run writes here, the journal first: without it the rest means nothing.
    fn clear(&self) -> std::io::Result<()> {
        let mut names = self.disk.names(STATE)?;
        names.retain(|name| is_ours(name));
        names.sort_by_key(|name| name != "journal");
        for name in names {
            let path = format!("{STATE}/{name}");
            self.disk.remove_file(&path)?;
            if path == JOURNAL {
                self.disk.sync(&[], &[STATE.to_owned()])?;
            }
        }
        Ok(())
    }

    /// Leaves no trace: only for a run that is done, or undone. What cannot be removed does no harm, and the next run tries again.
    pub(crate) fn leave(self) {
        let _ = self
            .clear()
            .and_then(|()| self.disk.remove_file(RUNNING))
            .and_then(|()| self.disk.remove_folder(STATE));
    }
}

fn is_ours(name: &str) -> bool {
    let numbered = |prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(name, "journal" | "draft" | ".gitignore") || numbered("old-") || numbered("new-")
}

fn busy() -> Fault {
    Fault::new("", "another `hallpass render` is writing to this folder").help("wait until it is done")
}
