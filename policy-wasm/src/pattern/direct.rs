//! Patterns as vendors write them, asked for a few texts: read to a short program, which runs over the text and goes back
//! where it has a choice. An automaton answers faster, but takes longer to be made than such a program to run.
//!
//! Only what means the same to every reader is taken: characters, groups, ASCII classes, `.`, and their repetition. Of all
//! else, and where a program takes too many steps, the automaton decides.

mod read;

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::parse::parse;
use super::tree::Tree;

/// How many texts are worth no automaton.
const TEXTS: usize = 64;

/// The most patterns.
const PATTERNS: usize = 64;

/// The most steps of all programs: an automaton of as many is not too large, so that a list need not be measured.
const TOGETHER: usize = 6000;

/// The most steps over one text.
const STEPS: usize = 2048;

/// The patterns of a list, all of them read to programs.
pub(super) struct Direct<'a> {
    patterns: Vec<(&'a str, Program)>,
    /// How many texts may still be asked for.
    left: AtomicUsize,
}

impl<'a> Direct<'a> {
    /// None without patterns, and if one of them is more than a program can tell, or not valid.
    pub(super) fn read(patterns: impl ExactSizeIterator<Item = &'a str>) -> Option<Self> {
        if !(1..=PATTERNS).contains(&patterns.len()) {
            return None;
        }
        let mut left = TOGETHER;
        let programs = patterns.map(|pattern| {
            let program = read::read(pattern)?;
            left = left.checked_sub(program.steps.len())?;
            Some((pattern, program))
        });
        Some(Direct { patterns: programs.collect::<Option<_>>()?, left: AtomicUsize::new(TEXTS) })
    }

    /// Whether one of the patterns matches all of `text`. None when that is for an automaton to say.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        let left = self.left.load(Relaxed).checked_sub(1)?;
        self.left.store(left, Relaxed);
        if !text.is_ascii() {
            return None;
        }
        for (_, program) in &self.patterns {
            if program.matches(text.as_bytes())? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// About as many states as the automaton has that takes over.
    pub(super) fn cost(&self) -> u64 {
        self.patterns.iter().map(|(_, program)| program.steps.len() as u64).sum()
    }

    /// The patterns, parsed.
    pub(super) fn trees(&self) -> Vec<Tree> {
        self.patterns.iter().filter_map(|(pattern, _)| parse(pattern).ok()).collect()
    }
}

/// What a program does at one of its places. Ways are counted from there.
#[derive(Clone, Copy)]
enum Step {
    /// Reads this byte.
    Byte(u8),
    /// Reads a byte of the set of that index, a bit for each ASCII character.
    Set(u8),
    /// Goes on, or else another way.
    Choose(i16),
    Go(i16),
}

struct Program {
    steps: Vec<Step>,
    sets: Vec<u128>,
}

impl Program {
    /// None when it takes too long to tell.
    fn matches(&self, text: &[u8]) -> Option<bool> {
        let (mut place, mut at) = (0_usize, 0_usize);
        let mut others: Vec<(usize, usize)> = Vec::new();
        for _ in 0..STEPS {
            let goes_on = match self.steps.get(place) {
                None if at == text.len() => return Some(true),
                None => false,
                Some(Step::Go(way)) => {
                    place = place.checked_add_signed(isize::from(*way))?;
                    continue;
                }
                Some(Step::Choose(way)) => {
                    others.push((place.checked_add_signed(isize::from(*way))?, at));
                    place += 1;
                    continue;
                }
                Some(Step::Byte(byte)) => text.get(at) == Some(byte),
                Some(Step::Set(index)) => {
                    let set = self.sets.get(usize::from(*index)).copied().unwrap_or_default();
                    text.get(at).is_some_and(|byte| set & bit(*byte) != 0)
                }
            };
            if goes_on {
                place += 1;
                at += 1;
            } else {
                match others.pop() {
                    Some(other) => (place, at) = other,
                    None => return Some(false),
                }
            }
        }
        None
    }
}

/// Of a byte that is ASCII.
fn bit(byte: u8) -> u128 {
    1_u128.checked_shl(u32::from(byte)).unwrap_or_default()
}
