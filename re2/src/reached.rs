//! Walks an automaton, along all ways at once.

use crate::nfa::{Beside, Nfa, State, StateId, Transition};
use crate::order::sorted;

/// States that a text leads to, each once, in the order in which they were found.
#[derive(Debug)]
pub(crate) struct Reached {
    list: Vec<StateId>,
    /// For each state of the automaton its place in the list, if it is there. Not so once they are sorted.
    places: Vec<u32>,
    /// The list before the last byte.
    previous: Vec<StateId>,
}

impl Reached {
    /// None yet.
    pub(crate) fn new(nfa: &Nfa) -> Self {
        Reached { list: Vec::new(), places: vec![0; nfa.len()], previous: Vec::new() }
    }

    pub(crate) fn list(&self) -> &[StateId] {
        &self.list
    }

    pub(crate) fn contains(&self, id: StateId) -> bool {
        self.places.get(id.index()).and_then(|place| self.list.get(*place as usize)) == Some(&id)
    }

    /// Begins with other states.
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

    /// Adds all that these states lead to without reading, at a place between two characters.
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

    /// Goes on to where a byte leads.
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

    /// Drops the states that have done what they are there for. Left are those that read, that match, or that
    /// wait for what comes after them, in order: which way led to them does not matter. Whether any waits.
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
