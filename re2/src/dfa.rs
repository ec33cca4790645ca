//! The deterministic automaton, built lazily during matching.
//!
//! A state of it is a set of states of the nondeterministic automaton.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::alphabet::Alphabet;
use crate::nfa::{Beside, Nfa, StateId};
use crate::walk::Walk;

/// The maximum size of all states, in numbers of four bytes: one megabyte.
const ROOM: usize = 1 << 18;

/// The minimum size of a state, in numbers: this limits the number of states, and so the time to find one.
const LEAST: usize = 64;

/// A placeholder for the next row: not computed yet.
const UNKNOWN: u32 = u32::MAX;

/// A placeholder for a row: the text cannot match any more.
const DEAD: u32 = u32::MAX - 1;

/// A placeholder for a row after the end: the text matches.
const MATCH: u32 = u32::MAX - 2;

/// An automaton, with the known states. A state is identified by the position of its row.
#[derive(Debug)]
pub(crate) struct Dfa {
    walk: Walk,
    alphabet: Alphabet,
    /// The next state for each state and column of the alphabet.
    rows: Vec<u32>,
    states: Vec<State>,
    /// The sets of all states.
    members: Vec<StateId>,
    /// The states, sorted by content for lookup.
    order: Vec<usize>,
    start: Option<u32>,
    room: usize,
}

/// A set, and the previous byte's kind. The kind matters only while an assertion waits; otherwise it is `Other`.
#[derive(Clone, Copy, Debug)]
struct State {
    before: Beside,
    first: usize,
    end: usize,
}

impl Dfa {
    pub(crate) fn new(nfa: Nfa) -> Self {
        Self::with_room(nfa, ROOM)
    }

    /// Creates an automaton that starts afresh when its states exceed `room`.
    pub(crate) fn with_room(nfa: Nfa, room: usize) -> Self {
        Dfa {
            alphabet: Alphabet::new(&[&nfa]),
            walk: Walk::new(nfa),
            rows: Vec::new(),
            states: Vec::new(),
            members: Vec::new(),
            order: Vec::new(),
            start: None,
            room,
        }
    }

    /// Whether the whole text matches, if this can be answered with known states.
    pub(crate) fn known(&self, text: &str) -> Option<bool> {
        let mut row = self.start?;
        for byte in text.bytes() {
            row = self.after(row, self.alphabet.column(byte));
            if row >= DEAD {
                return (row == DEAD).then_some(false);
            }
        }
        let end = self.after(row, self.alphabet.end());
        (end != UNKNOWN).then_some(end == MATCH)
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&mut self, text: &str) -> bool {
        let mut row = self.start();
        for byte in text.bytes() {
            row = self.follow(row, self.alphabet.column(byte));
            if row == DEAD {
                return false;
            }
        }
        self.follow(row, self.alphabet.end()) == MATCH
    }

    fn after(&self, row: u32, column: usize) -> u32 {
        self.rows.get(row as usize + column).copied().unwrap_or(UNKNOWN)
    }

    fn follow(&mut self, row: u32, column: usize) -> u32 {
        match self.after(row, column) {
            UNKNOWN => self.find(row, column),
            known => known,
        }
    }

    fn start(&mut self) -> u32 {
        if let Some(start) = self.start {
            return start;
        }
        let before = self.walk.start();
        let start = self.settle(before);
        self.start = Some(start);
        start
    }

    /// Computes the next state, and stores it.
    fn find(&mut self, row: u32, column: usize) -> u32 {
        let Some(state) = self.states.get(row as usize / self.alphabet.width()).copied() else { return DEAD };
        self.walk.resume(self.members.get(state.members()).unwrap_or_default());
        let full = self.is_full();
        if full {
            self.forget();
        }
        let next = match self.alphabet.class(column) {
            None if self.walk.ends(state.before) => MATCH,
            None => DEAD,
            Some(class) => match self.walk.read(state.before, class.byte, class.beside) {
                Some(before) => self.settle(before),
                None => DEAD,
            },
        };
        // If the states were discarded, the row is gone too.
        if let Some(known) = self.rows.get_mut(row as usize + column).filter(|_| !full) {
            *known = next;
        }
        next
    }

    /// Returns the state for the reached set; `before` is the kind of the previous byte.
    fn settle(&mut self, before: Beside) -> u32 {
        let wanted = (before, self.walk.set());
        let found = self.order.binary_search_by(|index| self.identity(*index).cmp(&Some(wanted)));
        let index = match found {
            Ok(at) => self.order.get(at).copied().unwrap_or_default(),
            Err(at) => {
                let first = self.members.len();
                self.members.extend_from_slice(self.walk.set());
                self.states.push(State { before, first, end: self.members.len() });
                self.rows.resize(self.rows.len() + self.alphabet.width(), UNKNOWN);
                self.order.insert(at, self.states.len() - 1);
                self.states.len() - 1
            }
        };
        (index * self.alphabet.width()) as u32
    }

    /// Returns what distinguishes a state from others.
    fn identity(&self, index: usize) -> Option<(Beside, &[StateId])> {
        let state = self.states.get(index)?;
        Some((state.before, self.members.get(state.members())?))
    }

    fn is_full(&self) -> bool {
        self.rows.len() + self.members.len() > self.room || self.states.len() * LEAST > self.room
    }

    fn forget(&mut self) {
        self.rows.clear();
        self.states.clear();
        self.members.clear();
        self.order.clear();
        self.start = None;
    }
}

impl State {
    fn members(&self) -> Range<usize> {
        self.first..self.end
    }
}
