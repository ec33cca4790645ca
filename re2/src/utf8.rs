//! A set of characters as an automaton over their UTF-8 bytes.

use regex_syntax::utf8::{Utf8Range, Utf8Sequences};

use crate::characters::Characters;

/// The target of an [`Arc`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// The character is complete.
    End,
    /// The state with this index, which is always lower than that of the arc's own state.
    State(usize),
}

/// The bytes `low..=high` lead to `target`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arc {
    pub(crate) low: u8,
    pub(crate) high: u8,
    pub(crate) target: Target,
}

/// The minimal automaton, because equal states are stored once. It starts in the last state.
#[derive(Debug, Default)]
pub(crate) struct ByteClass {
    states: Vec<Vec<Arc>>,
}

impl ByteClass {
    pub(crate) fn new(class: &Characters) -> Self {
        let mut sequences = Vec::with_capacity(class.ranges().len());
        for (low, high) in class.ranges() {
            sequences.extend(Utf8Sequences::new(*low, *high));
        }
        let sequences: Vec<&[Utf8Range]> = sequences.iter().map(|sequence| sequence.as_slice()).collect();
        let mut builder = Builder::default();
        // An empty class keeps its one state without arcs, which is a dead end.
        builder.state(&sequences);
        ByteClass { states: builder.states }
    }

    /// Returns the states, each after those it leads to.
    pub(crate) fn states(&self) -> &[Vec<Arc>] {
        &self.states
    }

    /// Returns the number of arcs and states that a copy adds to an automaton.
    pub(crate) fn cost(&self) -> u64 {
        self.states.iter().map(|arcs| 1 + arcs.len() as u64).sum()
    }
}

#[derive(Default)]
struct Builder {
    states: Vec<Vec<Arc>>,
    /// The states, sorted by their arcs for lookup.
    order: Vec<usize>,
}

impl Builder {
    /// Returns the state that reads any of `sequences`, which are sorted and, byte by byte, either equal or disjoint. A
    /// sequence has at most four bytes, so the recursion is at most three levels deep.
    fn state(&mut self, sequences: &[&[Utf8Range]]) -> usize {
        let mut arcs: Vec<Arc> = Vec::new();
        for group in sequences.chunk_by(|a, b| a.first() == b.first()) {
            let Some(first) = group.first().and_then(|sequence| sequence.first()) else { continue };
            let rest: Vec<&[Utf8Range]> = group
                .iter()
                .filter_map(|sequence| sequence.get(1..))
                .filter(|rest| !rest.is_empty())
                .collect();
            let target = if rest.is_empty() { Target::End } else { Target::State(self.state(&rest)) };
            match arcs.last_mut() {
                Some(last) if last.target == target && last.high.checked_add(1) == Some(first.start) => {
                    last.high = first.end;
                }
                _ => arcs.push(Arc { low: first.start, high: first.end, target }),
            }
        }
        match self.order.binary_search_by(|index| self.states.get(*index).cmp(&Some(&arcs))) {
            Ok(at) => self.order.get(at).copied().unwrap_or_default(),
            Err(at) => {
                self.order.insert(at, self.states.len());
                self.states.push(arcs);
                self.states.len() - 1
            }
        }
    }
}
