//! Simulates the automaton, on all paths at once.

use crate::nfa::{Beside, Nfa, State, StateId, Transition};
use crate::order::sorted;

/// The states that a text reaches, without duplicates, in the order in which they were found.
#[derive(Debug)]
pub(crate) struct Reached {
    list: Vec<StateId>,
    /// The position in the list for each state of the automaton, if it is in the list. Invalid after sorting.
    places: Vec<u32>,
    /// The list before the last byte.
    previous: Vec<StateId>,
}

impl Reached {
    /// Creates an empty list.
    pub(crate) fn new(nfa: &Nfa) -> Self {
        Reached { list: Vec::new(), places: vec![0; nfa.len()], previous: Vec::new() }
    }

    pub(crate) fn list(&self) -> &[StateId] {
        &self.list
    }

    pub(crate) fn contains(&self, id: StateId) -> bool {
        self.places.get(id.index()).and_then(|place| self.list.get(*place as usize)) == Some(&id)
    }

    /// Replaces the states.
    pub(crate) fn set(&mut self, ids: &[StateId]) {
        self.list.clear();
        ids.iter().for_each(|id| self.insert(*id));
    }

    fn insert(&mut self, id: StateId) {
        if self.contains(id) {
            return;
        }
        if let Some(place) = self.places.get_mut(id.index()) {
            *place = self.list.len() as u32;
            self.list.push(id);
        }
    }

    /// Adds all states that can be reached without reading, at a position between two characters.
    pub(crate) fn spread(&mut self, nfa: &Nfa, before: Beside, after: Option<Beside>) {
        let mut index = 0;
        while let Some(id) = self.list.get(index) {
            match nfa.state(*id) {
                Some(State::Split(one, other)) => {
                    self.insert(one);
                    self.insert(other);
                }
                Some(State::Look(look, next)) if look.holds(before, after) => self.insert(next),
                _ => {}
            }
            index += 1;
        }
    }

    /// Moves on with a byte.
    pub(crate) fn read(&mut self, nfa: &Nfa, byte: u8) {
        let previous = std::mem::take(&mut self.previous);
        let previous = std::mem::replace(&mut self.list, previous);
        self.list.clear();
        for id in &previous {
            let fitting = |transition: &&Transition| (transition.low..=transition.high).contains(&byte);
            if let Some(transition) = nfa.transitions(*id).iter().find(fitting) {
                self.insert(transition.next);
            }
        }
        self.previous = previous;
    }

    /// Removes states that are no longer needed. Keeps those that read, match, or wait for the next text, sorted,
    /// because the path does not matter. Returns whether any state waits.
    pub(crate) fn keep_what_counts(&mut self, nfa: &Nfa) -> bool {
        let mut waits = false;
        self.list.retain(|id| match nfa.state(*id) {
            Some(State::Look(look, _)) => {
                waits |= look.looks_ahead();
                look.looks_ahead()
            }
            Some(State::Match | State::Byte(_) | State::Bytes { .. }) => true,
            Some(State::Split(..)) | None => false,
        });
        if !self.list.is_sorted() {
            self.list = sorted(std::mem::take(&mut self.list));
        }
        waits
    }
}
