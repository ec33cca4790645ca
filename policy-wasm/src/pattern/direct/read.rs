//! From a pattern to its program.

use super::{Program, Step, bit};

/// The longest pattern, in bytes.
const LONGEST: usize = 256;

/// The most steps of a program: fewer than a count may ask for.
const PROGRAM: usize = 512;

/// None if the pattern is more than a program can tell, or not valid.
pub(super) fn read(pattern: &str) -> Option<Program> {
    let body = pattern.strip_prefix('^')?.strip_suffix('$')?;
    if body.len() > LONGEST {
        return None;
    }
    let program = Program { steps: Vec::with_capacity(2 * body.len()), sets: Vec::new() };
    let mut reader = Reader { rest: body.bytes(), program, ends: Vec::new() };
    reader.group(0)?;
    Some(reader.program)
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
                None | Some(b')' | b'^' | b'$' | 0x80..) => return None,
                Some(b'{') => {
                    self.count(last.take()?)?;
                    continue;
                }
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

    /// Repeats what begins at `start` as often as the braces say.
    fn count(&mut self, start: usize) -> Option<()> {
        let min = self.number()?;
        let max = match self.rest.next()? {
            b'}' => Some(min),
            b',' if self.eat(b'}') => None,
            b',' => Some(self.number()?).filter(|_| self.eat(b'}')).map(Some)?,
            _ => return None,
        };
        let body = self.program.steps.split_off(start);
        let copies = max.unwrap_or(min);
        // What reads nothing could be repeated too often without a step.
        if body.is_empty() || copies == 0 || copies < min || copies * (body.len() + 1) > PROGRAM {
            return None;
        }
        for _ in 1..min {
            self.program.steps.extend_from_slice(&body);
        }
        let last = self.at();
        if min > 0 {
            self.program.steps.extend_from_slice(&body);
        }
        if max.is_none() {
            self.program.steps.push(Step::Choose(way(self.at(), last)?));
        }
        let end = self.at() + (copies - min) * (body.len() + 1);
        while self.at() < end {
            self.program.steps.push(Step::Choose(way(self.at(), end)?));
            self.program.steps.extend_from_slice(&body);
        }
        (end <= PROGRAM).then_some(())
    }

    /// A number without a zero before it: with one, braces are text.
    fn number(&mut self) -> Option<usize> {
        let mut number = usize::from(self.rest.next()?.checked_sub(b'0')?);
        let is_zero = number == 0;
        if number > 9 {
            return None;
        }
        while let Some(digit) = self.peek(0).filter(u8::is_ascii_digit) {
            number = number * 10 + usize::from(digit - b'0');
            if is_zero || number > PROGRAM {
                return None;
            }
            self.rest.next();
        }
        Some(number)
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
            set |= (high - low) | high;
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
