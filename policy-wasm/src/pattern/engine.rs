//! Asks one automaton about whole texts, turning it into a deterministic one where texts lead it.

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::pool::Pool;
use regex_automata::{Anchored, Input};

use super::compile::compile;
use super::tree::Tree;

type NewCache = Box<dyn Fn() -> Cache + Send + Sync>;

/// All patterns of a list that need an automaton, as one.
pub(super) struct Engine {
    dfa: DFA,
    /// A thread at a time uses a cache, and leaves it to the next.
    caches: Pool<Cache, NewCache>,
}

impl Engine {
    /// None only if the automaton has more states than numbers for them, which [`MAX_COST`] keeps far away.
    ///
    /// [`MAX_COST`]: super::tree::MAX_COST
    pub(super) fn new(trees: &[Tree]) -> Option<Self> {
        let nfa = compile(trees)?;
        // It never gives up: when the cache is full it starts afresh, and where the usual size of the cache
        // would be too small for a large automaton, it takes the least that does.
        let config = DFA::config().skip_cache_capacity_check(true).minimum_cache_clear_count(None);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let for_caches = dfa.clone();
        let caches: NewCache = Box::new(move || for_caches.create_cache());
        Some(Engine { dfa, caches: Pool::new(caches) })
    }

    /// Whether one of the patterns matches all of `text`.
    pub(super) fn matches(&self, text: &str) -> bool {
        let input = Input::new(text).anchored(Anchored::Yes).earliest(true);
        // The search fails at bytes it was told to stop at and when it gives up; it does neither. If it did,
        // "no match" would be the safe answer: it admits nothing.
        matches!(self.dfa.try_search_fwd(&mut self.caches.get(), &input), Ok(Some(_)))
    }
}
