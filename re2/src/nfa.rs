//! The nondeterministic automaton of a list of patterns over bytes, as a flat list of states.

/// The index of a [`State`] in its automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StateId(u32);

/// An assertion about the position between two characters. Words are ASCII, as in RE2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Start,
    End,
    StartOfLine,
    EndOfLine,
    WordBoundary,
    NoWordBoundary,
}

/// The text on one side of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Beside {
    /// The start or the end of the text.
    Nothing,
    Newline,
    Word,
    Other,
}

/// The bytes `low..=high` lead to `next`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transition {
    pub(crate) low: u8,
    pub(crate) high: u8,
    pub(crate) next: StateId,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// The text matches if it ends here.
    Match,
    Byte(Transition),
    /// The automaton's transitions that start at `first`. A state without transitions is a dead end.
    Bytes {
        first: u32,
        count: u32,
    },
    Split(StateId, StateId),
    Look(Look, StateId),
}

/// The automaton. [`MAX_COST`] limits the number of states and transitions, so 32-bit indices are sufficient.
///
/// [`MAX_COST`]: crate::ast::MAX_COST
#[derive(Debug)]
pub(crate) struct Nfa {
    states: Vec<State>,
    transitions: Vec<Transition>,
    start: StateId,
}

impl Nfa {
    /// The state in which a text matches if it ends there.
    pub(crate) const MATCH: StateId = StateId(0);

    /// Creates an automaton with space for this many states. Without a separate start state, it matches the empty
    /// text.
    pub(crate) fn new(states: usize) -> Self {
        let mut nfa = Nfa { states: Vec::with_capacity(states), transitions: Vec::new(), start: Self::MATCH };
        nfa.add(State::Match);
        nfa
    }

    pub(crate) fn len(&self) -> usize {
        self.states.len()
    }

    pub(crate) fn start(&self) -> StateId {
        self.start
    }

    pub(crate) fn set_start(&mut self, start: StateId) {
        self.start = start;
    }

    /// Adds a state that reads one byte. The transitions do not overlap; without transitions, it is a dead end.
    pub(crate) fn bytes(&mut self, transitions: impl IntoIterator<Item = Transition>) -> StateId {
        let first = self.transitions.len();
        self.transitions.extend(transitions);
        let count = self.transitions.len() - first;
        self.add(State::Bytes { first: first as u32, count: count as u32 })
    }

    /// Adds a state that reads one of `low..=high`.
    pub(crate) fn byte(&mut self, transition: Transition) -> StateId {
        self.add(State::Byte(transition))
    }

    /// Adds a state that leads to both states, if there are two.
    pub(crate) fn union(&mut self, one: Option<StateId>, other: StateId) -> StateId {
        one.map_or(other, |one| self.add(State::Split(one, other)))
    }

    /// Adds a state that leads to `end`, and later to the state passed to [`close`](Self::close).
    pub(crate) fn open(&mut self, end: StateId) -> StateId {
        self.add(State::Split(end, end))
    }

    pub(crate) fn close(&mut self, open: StateId, body: StateId) {
        if let Some(State::Split(one, _)) = self.states.get_mut(open.index()) {
            *one = body;
        }
    }

    pub(crate) fn look(&mut self, look: Look, next: StateId) -> StateId {
        self.add(State::Look(look, next))
    }

    fn add(&mut self, state: State) -> StateId {
        self.states.push(state);
        StateId((self.states.len() - 1) as u32)
    }

    pub(crate) fn state(&self, id: StateId) -> Option<State> {
        self.states.get(id.index()).copied()
    }

    /// Returns the transitions of a state; none if it does not read a byte.
    pub(crate) fn transitions(&self, id: StateId) -> &[Transition] {
        match self.states.get(id.index()) {
            Some(State::Byte(transition)) => std::slice::from_ref(transition),
            Some(State::Bytes { first, count }) => {
                let (first, count) = (*first as usize, *count as usize);
                self.transitions.get(first..first + count).unwrap_or_default()
            }
            _ => &[],
        }
    }

    pub(crate) fn all_transitions(&self) -> impl Iterator<Item = &Transition> {
        let single = self.states.iter().filter_map(|state| match state {
            State::Byte(transition) => Some(transition),
            _ => None,
        });
        self.transitions.iter().chain(single)
    }

    pub(crate) fn looks(&self) -> impl Iterator<Item = Look> {
        self.states.iter().filter_map(|state| match state {
            State::Look(look, _) => Some(*look),
            _ => None,
        })
    }
}

impl StateId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Look {
    /// Whether the assertion holds at the position. Before the text `after` it is known, assertions that depend on it
    /// do not hold.
    pub(crate) fn holds(self, before: Beside, after: Option<Beside>) -> bool {
        let boundary = |after| (before == Beside::Word) != (after == Beside::Word);
        match self {
            Look::Start => before == Beside::Nothing,
            Look::StartOfLine => matches!(before, Beside::Nothing | Beside::Newline),
            Look::End => after == Some(Beside::Nothing),
            Look::EndOfLine => matches!(after, Some(Beside::Nothing | Beside::Newline)),
            Look::WordBoundary => after.is_some_and(boundary),
            Look::NoWordBoundary => after.is_some_and(|after| !boundary(after)),
        }
    }

    /// Whether the assertion depends on the text after the position.
    pub(crate) fn looks_ahead(self) -> bool {
        !matches!(self, Look::Start | Look::StartOfLine)
    }
}
