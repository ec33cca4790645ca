//! Finds a text that one list matches and another one does not, or one that both match.
//!
//! Searches the pairs of sets that a text reaches in the two automata, breadth first, so the first text found is a
//! shortest one.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::alphabet::Alphabet;
use crate::ast::{Ast, MAX_COST, Node};
use crate::compile::compile;
use crate::error::{Kind, PatternError};
use crate::matcher::Entry;
use crate::nfa::{Beside, StateId};
use crate::parse::parse;
use crate::walk::Walk;

/// The maximum work of one search: the sum of the sizes of all sets that are read. It bounds time and memory, and does not
/// depend on the machine, so every run gives the same answer.
const MAX_WORK: usize = 1 << 22;

/// The work that is left for several comparisons together. The default is enough for one that is as large as possible.
#[derive(Clone, Debug)]
pub struct Work(usize);

impl Default for Work {
    fn default() -> Self {
        Work(MAX_WORK)
    }
}

impl Work {
    /// Takes some of it; false if less is left, and then nothing is.
    pub fn take(&mut self, work: usize) -> bool {
        let left = self.0.checked_sub(work);
        self.0 = left.unwrap_or_default();
        left.is_some()
    }
}

/// The work of a move from an empty set to an empty set.
const MOVE: usize = 16;

/// The result of [`beyond`] and of [`common`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// No text was found: none exists.
    Nothing,
    /// A shortest text, in bytes.
    Text(String),
    /// The lists are too large or too complex to compare.
    Undecided,
}

/// Searches for a shortest text that one of the entries in `list` matches and none of those in `other`.
///
/// # Errors
/// An invalid pattern. If `other` contains all entries of `list`, no pattern is read.
pub fn beyond(list: &[Entry<'_>], other: &[Entry<'_>]) -> Result<Beyond, PatternError> {
    beyond_within(list, other, &mut Work::default())
}

/// Searches as [`beyond`] does, with the work that is left.
///
/// # Errors
/// As those of [`beyond`].
pub fn beyond_within(
    list: &[Entry<'_>],
    other: &[Entry<'_>],
    work: &mut Work,
) -> Result<Beyond, PatternError> {
    let new: Vec<Entry<'_>> = list.iter().filter(|entry| !other.contains(entry)).copied().collect();
    if new.is_empty() {
        return Ok(Beyond::Nothing);
    }
    // Reading the lists costs work, too.
    if !work.take(MOVE * (new.len() + other.len())) {
        return Ok(Beyond::Undecided);
    }
    let (Some(list), Some(other)) = (asts(&new)?, asts(other)?) else { return Ok(Beyond::Undecided) };
    let cost: u64 = list.iter().chain(&other).map(Ast::cost).sum();
    if !work.take(usize::try_from(cost).unwrap_or(usize::MAX)) {
        return Ok(Beyond::Undecided);
    }
    let mut search = Search::new(&list, &other, Wanted::OnlyFirst, work.0);
    let found = search.run();
    work.take(search.work);
    Ok(found)
}

/// Searches for a shortest text that one of the entries in `list` matches and one of those in `other` too.
///
/// # Errors
/// An invalid pattern.
pub fn common(list: &[Entry<'_>], other: &[Entry<'_>]) -> Result<Beyond, PatternError> {
    let (Some(list), Some(other)) = (asts(list)?, asts(other)?) else { return Ok(Beyond::Undecided) };
    Ok(Search::new(&list, &other, Wanted::Both, MAX_WORK).run())
}

/// The lists that match the text that a search looks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    OnlyFirst,
    Both,
}

/// Parses the entries of a list; `None` if its automaton would be too large.
fn asts(entries: &[Entry<'_>]) -> Result<Option<Vec<Ast>>, PatternError> {
    let mut asts = Vec::with_capacity(entries.len());
    let mut cost = 0;
    for entry in entries {
        let ast = match entry {
            Entry::Pattern(pattern) => parse(pattern)?,
            Entry::Text(text) => match literal(text) {
                Ok(ast) => ast,
                Err(_) => return Ok(None),
            },
        };
        cost += ast.cost();
        if cost > MAX_COST {
            return Ok(None);
        }
        asts.push(ast);
    }
    Ok(Some(asts))
}

fn literal(text: &str) -> Result<Ast, Kind> {
    let mut ast = Ast::with_capacity(text.len());
    let characters = text.chars().map(|c| ast.add(Node::Char(c))).collect::<Result<_, _>>()?;
    let root = ast.add(Node::Concat(characters))?;
    ast.set_root(root);
    Ok(ast)
}

/// What a text reaches in an automaton.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Reached {
    set: Box<[StateId]>,
    before: Beside,
}

impl Reached {
    fn here(walk: &Walk, before: Beside) -> Self {
        Reached { set: walk.set().into(), before }
    }
}

/// What a text reaches in both automata. No text can match any more in one without a place.
type Pair = (Reached, Option<Reached>);

/// A text as the last step of another one.
struct Step {
    pair: Pair,
    from: usize,
    byte: u8,
}

struct Search {
    one: Walk,
    other: Walk,
    /// A byte for each class that an automaton distinguishes, and its kind, in the order of the search.
    bytes: Vec<(u8, Beside)>,
    wanted: Wanted,
    /// The work that is done, and its limit.
    work: usize,
    limit: usize,
}

impl Search {
    fn new(one: &[Ast], other: &[Ast], wanted: Wanted, limit: usize) -> Self {
        let (one, other) = (compile(one), compile(other));
        let alphabet = Alphabet::new(&[&one, &other]);
        let mut bytes: Vec<(u8, Beside)> = (0..alphabet.end())
            .filter_map(|column| {
                let class = alphabet.class(column)?;
                let members = (0..=u8::MAX).filter(|byte| alphabet.column(*byte) == column);
                Some((members.min_by_key(|byte| rank(*byte))?, class.beside))
            })
            .collect();
        bytes.sort_by_key(|(byte, _)| rank(*byte));
        Search { one: Walk::new(one), other: Walk::new(other), bytes, wanted, work: 0, limit }
    }

    fn run(&mut self) -> Beyond {
        let (one, other) = (self.one.start(), self.other.start());
        let start: Pair = (Reached::here(&self.one, one), Some(Reached::here(&self.other, other)));
        let mut seen = HashSet::from([start.clone()]);
        let mut steps = vec![Step { pair: start, from: 0, byte: 0 }];
        let mut current = 0;
        while let Some(step) = steps.get(current) {
            let pair = step.pair.clone();
            if self.ends(&pair) {
                return Beyond::Text(text(&steps, current));
            }
            for index in 0..self.bytes.len() {
                if self.work > self.limit {
                    return Beyond::Undecided;
                }
                let Some((byte, next)) = self.read(&pair, index) else { continue };
                if seen.insert(next.clone()) {
                    steps.push(Step { pair: next, from: current, byte });
                }
            }
            current += 1;
        }
        Beyond::Nothing
    }

    /// Whether a text that ends here is wanted.
    fn ends(&mut self, (one, other): &Pair) -> bool {
        self.one.resume(&one.set);
        let is_in_other = |search: &mut Self| {
            other.as_ref().is_some_and(|other| {
                search.other.resume(&other.set);
                search.other.ends(other.before)
            })
        };
        self.one.ends(one.before) && is_in_other(self) == (self.wanted == Wanted::Both)
    }

    /// Reads a byte; `None` if no wanted text begins like that.
    fn read(&mut self, (one, other): &Pair, index: usize) -> Option<(u8, Pair)> {
        let (byte, beside) = *self.bytes.get(index)?;
        self.work += MOVE + one.set.len();
        self.one.resume(&one.set);
        let before = self.one.read(one.before, byte, beside)?;
        let one = Reached::here(&self.one, before);
        let other = other.as_ref().and_then(|other| {
            self.work += other.set.len();
            self.other.resume(&other.set);
            let before = self.other.read(other.before, byte, beside)?;
            Some(Reached::here(&self.other, before))
        });
        if self.wanted == Wanted::Both && other.is_none() {
            return None;
        }
        Some((byte, (one, other)))
    }
}

/// Bytes that read well in an example come first.
fn rank(byte: u8) -> (u8, u8) {
    let class = match byte {
        b'a'..=b'z' => 0,
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'_' | b'-' | b'.' | b'/' => 3,
        b'!'..=b'~' => 4,
        b' ' => 5,
        // The first bytes of characters; the bytes that continue them are ordered among themselves.
        128.. => 6,
        _ => 7,
    };
    (class, byte)
}

/// Returns the text that leads to a step. Automata match only valid UTF-8.
fn text(steps: &[Step], last: usize) -> String {
    let mut bytes = Vec::new();
    let mut at = last;
    while at > 0
        && let Some(step) = steps.get(at)
    {
        bytes.push(step.byte);
        at = step.from;
    }
    bytes.reverse();
    String::from_utf8_lossy(&bytes).into_owned()
}
