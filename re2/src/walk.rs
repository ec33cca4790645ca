//! Moves through the nondeterministic automaton, one byte at a time.

use crate::nfa::{Beside, Nfa, StateId};
use crate::reached::Reached;

/// An automaton, and the set of states that a text reaches in it.
///
/// The set is one at a position where the previous byte is known, but the next one is not. Lookahead assertions stay in
/// the set until the next byte, or the end, is read.
#[derive(Debug)]
pub(crate) struct Walk {
    nfa: Nfa,
    reached: Reached,
}

impl Walk {
    pub(crate) fn new(nfa: Nfa) -> Self {
        Walk { reached: Reached::new(&nfa), nfa }
    }

    pub(crate) fn set(&self) -> &[StateId] {
        self.reached.list()
    }

    /// Moves to the start, and returns the kind of the text before it.
    pub(crate) fn start(&mut self) -> Beside {
        self.reached.set(&[self.nfa.start()]);
        self.settle(Beside::Nothing)
    }

    /// Moves to a set that an earlier move reached.
    pub(crate) fn resume(&mut self, set: &[StateId]) {
        self.reached.set(set);
    }

    /// Whether the text matches if it ends here. Leaves a set that is of no use for another move.
    pub(crate) fn ends(&mut self, before: Beside) -> bool {
        self.reached.spread(&self.nfa, before, Some(Beside::Nothing));
        self.reached.contains(Nfa::MATCH)
    }

    /// Reads a byte, and returns its kind if that still matters; `None` if no text can match any more.
    pub(crate) fn read(&mut self, before: Beside, byte: u8, beside: Beside) -> Option<Beside> {
        self.reached.spread(&self.nfa, before, Some(beside));
        self.reached.read(&self.nfa, byte);
        if self.reached.list().is_empty() { None } else { Some(self.settle(beside)) }
    }

    /// Returns the kind of the previous byte while an assertion waits; otherwise it does not matter, and is `Other`.
    fn settle(&mut self, before: Beside) -> Beside {
        self.reached.spread(&self.nfa, before, None);
        if self.reached.keep_what_counts(&self.nfa) { before } else { Beside::Other }
    }
}
