//! Records which allowlists are enforced.

use std::collections::BTreeMap;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use parking_lot::Mutex;

use crate::object::Revision;

/// The reason why a version of an allowlist is not enforced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The message.
    pub message: String,
    /// Whether an older version is enforced.
    pub older: bool,
}

/// Whether a version of an allowlist is enforced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// No round of enforcement has seen this version yet.
    Pending,
    /// The version is enforced.
    Enforced,
    /// The version is not enforced.
    Not(Gap),
}

/// The versions in the last round of enforcement, each with a gap if it is not enforced.
type Judged = BTreeMap<String, (Revision, Option<Gap>)>;

/// The state of enforcement, for the rounds of synchronizers.
pub struct Coverage {
    judged: Mutex<Judged>,
    changes: UnboundedSender<String>,
}

impl Coverage {
    /// Creates an empty record. The receiver gets the names of allowlists whose state changes.
    #[must_use]
    pub fn new() -> (Self, UnboundedReceiver<String>) {
        let (changes, receiver) = unbounded();
        (Coverage { judged: Mutex::default(), changes }, receiver)
    }

    /// Returns whether a version of an allowlist is enforced.
    #[must_use]
    pub fn of(&self, allowlist: &str, revision: &Revision) -> Cover {
        match self.judged.lock().get(allowlist) {
            Some((judged, gap)) if judged == revision => gap.clone().map_or(Cover::Enforced, Cover::Not),
            _ => Cover::Pending,
        }
    }

    /// Returns the number of allowlists that are not enforced as they are.
    #[must_use]
    pub fn gaps(&self) -> usize {
        self.judged.lock().values().filter(|(_, gap)| gap.is_some()).count()
    }

    /// Records the result of a round for all allowlists. A gap says whether older versions stay in force; this record knows
    /// whether an older version exists.
    pub(super) fn record(&self, found: impl IntoIterator<Item = (String, Revision, Option<Gap>)>) {
        let mut judged = self.judged.lock();
        let before = std::mem::take(&mut *judged);
        for (name, revision, mut gap) in found {
            let old = before.get(&name);
            if let Some(gap) = &mut gap {
                gap.older &= old.is_some_and(was_in_force);
            }
            let new = (revision, gap);
            if old != Some(&new) {
                if let Some(gap) = &new.1 {
                    tracing::warn!(allowlist = name, gap.message, "an allowlist is not enforced");
                }
                // Fails only if the receiver is gone.
                let _ = self.changes.unbounded_send(name.clone());
            }
            judged.insert(name, new);
        }
    }
}

/// Whether any version of an allowlist was enforced.
fn was_in_force((_, gap): &(Revision, Option<Gap>)) -> bool {
    gap.as_ref().is_none_or(|gap| gap.older)
}
