//! Asks one automaton about whole texts, from as many threads as there are.

use std::sync::{PoisonError, RwLock};

use super::compile::compile;
use super::dfa::Dfa;
use super::tree::Tree;

/// All patterns of a list that need an automaton, as one.
#[derive(Debug)]
pub(super) struct Engine {
    /// Texts like those before them are only read; a text that leads elsewhere takes the automaton for itself.
    dfa: RwLock<Dfa>,
}

impl Engine {
    pub(super) fn new(trees: &[Tree]) -> Self {
        Engine { dfa: RwLock::new(Dfa::new(compile(trees))) }
    }

    /// Whether one of the patterns matches all of `text`.
    pub(super) fn matches(&self, text: &str) -> bool {
        let known = self.dfa.read().unwrap_or_else(PoisonError::into_inner).known(text);
        known.unwrap_or_else(|| self.dfa.write().unwrap_or_else(PoisonError::into_inner).matches(text))
    }
}
