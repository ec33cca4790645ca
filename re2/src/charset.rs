//! Sets of characters: what a bracket class, `\d`, `[:alpha:]` or a character read without case stands for.

use crate::characters::Characters;

/// `\d`, `\s` and `\w`: ASCII only, and no vertical tab in `\s`.
const PERL: [(char, &[(char, char)]); 3] = [
    ('d', &[('0', '9')]),
    ('s', &[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')]),
    ('w', &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
];

/// The names between `[:` and `:]`.
const POSIX: [(&str, &[(char, char)]); 14] = [
    ("alnum", &[('0', '9'), ('A', 'Z'), ('a', 'z')]),
    ("alpha", &[('A', 'Z'), ('a', 'z')]),
    ("ascii", &[('\0', '\u{7f}')]),
    ("blank", &[('\t', '\t'), (' ', ' ')]),
    ("cntrl", &[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')]),
    ("digit", &[('0', '9')]),
    ("graph", &[('!', '~')]),
    ("lower", &[('a', 'z')]),
    ("print", &[(' ', '~')]),
    ("punct", &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
    ("space", &[('\t', '\r'), (' ', ' ')]),
    ("upper", &[('A', 'Z')]),
    ("word", &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
    ("xdigit", &[('0', '9'), ('A', 'F'), ('a', 'f')]),
];

/// A set under construction. Ranges are kept as they come and put in order once, at the end: ordering them
/// one by one would take quadratic time on a long bracket class.
#[derive(Default)]
pub(crate) struct Charset {
    ranges: Vec<(char, char)>,
}

impl Charset {
    /// How many ranges were added, whether they overlap or not.
    pub(crate) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Adds the code points `low..=high`. Surrogates are dropped: a pattern may name them, no text has them.
    pub(crate) fn add_range(&mut self, low: u32, high: u32) {
        let low = char::from_u32(low).unwrap_or('\u{e000}');
        let high = char::from_u32(high).unwrap_or('\u{d7ff}');
        if low <= high {
            self.ranges.push((low, high));
        }
    }

    /// Adds `group`, or all that is outside of it. Without case, a group gains its other cases *before* it
    /// is turned round, so that `(?i)\P{Lu}` has no letter that has an upper case.
    pub(crate) fn add_group(&mut self, group: Characters, negated: bool, fold: bool) {
        let group = match (negated, fold) {
            (false, _) => group,
            (true, false) => group.negated(),
            (true, true) => group.folded().negated(),
        };
        self.ranges.extend_from_slice(group.ranges());
    }

    /// The finished set. Folding comes last for everything that is not negated; negated groups are closed
    /// under folding already, so that it adds nothing to them.
    pub(crate) fn finish(self, negated: bool, fold: bool) -> Characters {
        let set = Characters::new(self.ranges);
        let set = if fold { set.folded() } else { set };
        if negated { set.negated() } else { set }
    }
}

/// The group that `\d` and its like name, and whether it is turned round (`\D`).
pub(crate) fn perl(letter: char) -> Option<(Characters, bool)> {
    let (_, ranges) = PERL.iter().find(|(name, _)| *name == letter.to_ascii_lowercase())?;
    Some((Characters::new(ranges.to_vec()), letter.is_ascii_uppercase()))
}

/// The group that `[:name:]` names, and whether it is turned round (`[:^name:]`).
pub(crate) fn posix(name: &str) -> Option<(Characters, bool)> {
    let (name, negated) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let (_, ranges) = POSIX.iter().find(|(known, _)| *known == name)?;
    Some((Characters::new(ranges.to_vec()), negated))
}

/// Every code point, for `\p{Any}`.
pub(crate) fn any() -> Characters {
    Characters::default().negated()
}

/// What `.` stands for.
pub(crate) fn dot(matches_newline: bool) -> Characters {
    if matches_newline { any() } else { Characters::new(vec![('\n', '\n')]).negated() }
}
