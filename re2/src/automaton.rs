//! One automaton for all patterns of a list, shared between threads.

use std::sync::{PoisonError, RwLock};

use crate::ast::Ast;
use crate::compile::compile;
use crate::dfa::Dfa;

/// The patterns of a list that need an automaton.
#[derive(Debug)]
pub(crate) struct Automaton {
    /// Matching with known states takes the lock for reading; only a new state takes it for writing.
    dfa: RwLock<Dfa>,
}

impl Automaton {
    pub(crate) fn new(asts: &[Ast]) -> Self {
        Automaton { dfa: RwLock::new(Dfa::new(compile(asts))) }
    }

    /// Whether one of the patterns matches the whole text.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let known = self.dfa.read().unwrap_or_else(PoisonError::into_inner).known(text);
        known.unwrap_or_else(|| self.dfa.write().unwrap_or_else(PoisonError::into_inner).matches(text))
    }
}
