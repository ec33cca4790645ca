//! Groups the bytes into as few classes as an automaton distinguishes.

use crate::nfa::{Beside, Look, Nfa};

/// The byte classes, and one more column for the end of a text.
#[derive(Debug)]
pub(crate) struct Alphabet {
    columns: [u8; 256],
    classes: Vec<Class>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Class {
    /// A byte that represents the class.
    pub(crate) byte: u8,
    pub(crate) beside: Beside,
}

impl Alphabet {
    /// Groups the bytes that none of the automata distinguishes.
    pub(crate) fn new(nfas: &[&Nfa]) -> Self {
        // Whether a class starts with the byte.
        let mut begins = [false; 256];
        let mut mark = |low: u8, high: u8| {
            for first in [Some(low), high.checked_add(1)].into_iter().flatten() {
                if let Some(begins) = begins.get_mut(usize::from(first)) {
                    *begins = true;
                }
            }
        };
        mark(0, u8::MAX);
        for transition in nfas.iter().flat_map(|nfa| nfa.all_transitions()) {
            mark(transition.low, transition.high);
        }
        // Classes depend on their neighbors only if an assertion depends on them.
        let (mut lines, mut words) = (false, false);
        for look in nfas.iter().flat_map(|nfa| nfa.looks()) {
            match look {
                Look::Start | Look::End => {}
                Look::StartOfLine | Look::EndOfLine => lines = true,
                Look::WordBoundary | Look::NoWordBoundary => words = true,
            }
        }
        if lines {
            mark(b'\n', b'\n');
        }
        if words {
            for (low, high) in [(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')] {
                mark(low, high);
            }
        }
        let mut columns = [0; 256];
        let mut classes = Vec::new();
        for ((byte, column), begins) in (0..=u8::MAX).zip(&mut columns).zip(begins) {
            if begins {
                let beside = match byte {
                    b'\n' if lines => Beside::Newline,
                    b'0'..=b'9' | b'A'..=b'Z' | b'_' | b'a'..=b'z' if words => Beside::Word,
                    _ => Beside::Other,
                };
                classes.push(Class { byte, beside });
            }
            *column = (classes.len() - 1) as u8;
        }
        Alphabet { columns, classes }
    }

    pub(crate) fn column(&self, byte: u8) -> usize {
        self.columns.get(usize::from(byte)).copied().map_or(0, usize::from)
    }

    /// Returns the column for the end of a text: the last one.
    pub(crate) fn end(&self) -> usize {
        self.classes.len()
    }

    /// Returns the number of columns.
    pub(crate) fn width(&self) -> usize {
        self.classes.len() + 1
    }

    /// Returns the class of a column; `None` for the end.
    pub(crate) fn class(&self, column: usize) -> Option<Class> {
        self.classes.get(column).copied()
    }
}
