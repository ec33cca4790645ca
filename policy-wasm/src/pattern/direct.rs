//! Patterns as vendors write them, asked for a few texts: read to a short program, which runs over the text and goes back
//! where it has a choice. An automaton answers faster, but takes longer to be made than such a program to run.
//!
//! Only what means the same to every reader is taken: characters, groups, ASCII classes, `.`, `?`, `*`, `+`. Of all else,
//! and where a program takes too many steps, the automaton decides.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::parse::parse;
use super::tree::Tree;

/// How many texts are worth no automaton.
const TEXTS: usize = 64;

/// The most patterns, and the bytes of each: an automaton of all stays far below what a list may have.
const PATTERNS: usize = 64;
const LONGEST: usize = 256;

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
        let patterns = patterns.map(|pattern| Some((pattern, Program::read(pattern)?)));
        Some(Direct { patterns: patterns.collect::<Option<_>>()?, left: AtomicUsize::new(TEXTS) })
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
    fn read(pattern: &str) -> Option<Self> {
        let body = pattern.strip_prefix('^')?.strip_suffix('$')?;
        if body.len() > LONGEST {
            return None;
        }
        let program = Program { steps: Vec::with_capacity(2 * body.len()), sets: Vec::new() };
        let mut reader = Reader { rest: body.bytes(), program, ends: Vec::new() };
        reader.group(0)?;
        Some(reader.program)
    }

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

struct Reader<'p> {
    rest: std::str::Bytes<'p>,
    program: Program,
    /// The ends of those branches of open groups that another follows.
    ends: Vec<usize>,
}

impl Reader<'_> {
    /// Reads up to the end of a group, or of the pattern. `depth` groups are around it: few, as this calls itself.
    fn group(&mut self, depth: usize) -> Option<()> {
        const DEEPEST: usize = 8;
        let first_end = self.ends.len();
        let mut branch = self.at();
        // Where that begins which was read last, if it can be repeated.
        let mut last = None;
        loop {
            let start = self.at();
            match self.rest.next() {
                None if depth == 0 => break,
                Some(b')') if depth > 0 => break,
                None | Some(b')' | b'{' | b'^' | b'$' | 0x80..) => return None,
                Some(b'|') => {
                    self.insert(branch, start + 2)?;
                    self.ends.push(start + 1);
                    self.program.steps.push(Step::Go(0));
                    branch = start + 2;
                    last = None;
                    continue;
                }
                Some(sign @ (b'*' | b'+' | b'?')) => {
                    self.repeat(last.take()?, sign)?;
                    continue;
                }
                Some(b'(') if depth < DEEPEST => {
                    if self.eat(b'?') && !self.eat(b':') {
                        return None;
                    }
                    self.group(depth + 1)?;
                }
                Some(b'(') => return None,
                Some(b'[') => {
                    let class = self.class()?;
                    self.set(class)?;
                }
                Some(b'.') => self.set(!bit(b'\n'))?,
                Some(b'\\') => {
                    let escaped = self.escape()?;
                    self.set(escaped)?;
                }
                Some(byte) => self.program.steps.push(Step::Byte(byte)),
            }
            last = Some(start);
        }
        for end in self.ends.split_off(first_end) {
            let way = way(end, self.at())?;
            *self.program.steps.get_mut(end)? = Step::Go(way);
        }
        Some(())
    }

    fn at(&self) -> usize {
        self.program.steps.len()
    }

    /// Offers a choice before what begins at `start`: that, or what is at `other` then.
    fn insert(&mut self, start: usize, other: usize) -> Option<()> {
        self.program.steps.insert(start, Step::Choose(way(start, other)?));
        Some(())
    }

    /// Repeats what begins at `start`.
    fn repeat(&mut self, start: usize, sign: u8) -> Option<()> {
        let end = self.at();
        match sign {
            b'?' => self.insert(start, end + 1)?,
            b'*' => {
                self.insert(start, end + 2)?;
                self.program.steps.push(Step::Go(way(end + 1, start)?));
            }
            _ => self.program.steps.push(Step::Choose(way(end, start)?)),
        }
        Some(())
    }

    fn set(&mut self, set: u128) -> Option<()> {
        let step = if set.count_ones() == 1 {
            Step::Byte(set.trailing_zeros() as u8)
        } else {
            let sets = &mut self.program.sets;
            let index = sets.iter().position(|known| *known == set).unwrap_or(sets.len());
            if index == sets.len() {
                sets.push(set);
            }
            Step::Set(u8::try_from(index).ok()?)
        };
        self.program.steps.push(step);
        Some(())
    }

    /// A class in brackets. Which hyphens stand for themselves, readers disagree about: only the first and the last.
    fn class(&mut self) -> Option<u128> {
        let negated = self.eat(b'^');
        let mut set = 0;
        let mut is_first = true;
        loop {
            let low = match self.rest.next()? {
                b']' if !is_first => break,
                b'-' if is_first || self.peek(0) == Some(b']') => bit(b'-'),
                b'-' | b'[' | b']' | 0x80.. => return None,
                b'\\' => self.escape()?,
                byte => bit(byte),
            };
            is_first = false;
            let is_range = self.peek(0) == Some(b'-') && self.peek(1) != Some(b']');
            if !is_range {
                set |= low;
                continue;
            }
            self.eat(b'-');
            let high = match self.rest.next()? {
                b'-' | b'[' | b']' | 0x80.. => return None,
                b'\\' => self.escape()?,
                byte => bit(byte),
            };
            if low.count_ones() != 1 || high.count_ones() != 1 || high < low {
                return None;
            }
            set |= high - low | high;
        }
        Some(if negated { !set } else { set })
    }

    /// What an escape behind its backslash stands for.
    fn escape(&mut self) -> Option<u128> {
        match self.rest.next()? {
            byte if byte.is_ascii_punctuation() => Some(bit(byte)),
            letter @ (b'd' | b's' | b'w') => {
                let is_meant: fn(u8) -> bool = match letter {
                    b'd' => |byte| byte.is_ascii_digit(),
                    b's' => |byte| matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' '),
                    _ => |byte| byte.is_ascii_alphanumeric() || byte == b'_',
                };
                Some((0..0x80).filter(|byte| is_meant(*byte)).fold(0, |set, byte| set | bit(byte)))
            }
            _ => None,
        }
    }

    fn peek(&self, skipped: usize) -> Option<u8> {
        self.rest.clone().nth(skipped)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eats = self.peek(0) == Some(byte);
        if eats {
            self.rest.next();
        }
        eats
    }
}

fn way(from: usize, to: usize) -> Option<i16> {
    i16::try_from(to.cast_signed() - from.cast_signed()).ok()
}
