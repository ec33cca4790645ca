//! Sets of characters: bracket classes, `\d`, `[:alpha:]`, and case-insensitive characters.

use crate::characters::Characters;

/// `\d`, `\s` and `\w`: ASCII only, and without the vertical tab in `\s`.
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

/// A set under construction. The ranges are sorted once, at the end: sorting them one by one would take quadratic time
/// for a long bracket class.
#[derive(Default)]
pub(crate) struct Charset {
    ranges: Vec<(char, char)>,
}

impl Charset {
    /// Returns the number of added ranges, including overlapping ones.
    pub(crate) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Adds the code points `low..=high`. Surrogates are dropped: a pattern may contain them, but no text does.
    pub(crate) fn add_range(&mut self, low: u32, high: u32) {
        let low = char::from_u32(low).unwrap_or('\u{e000}');
        let high = char::from_u32(high).unwrap_or('\u{d7ff}');
        if low <= high {
            self.ranges.push((low, high));
        }
    }

    /// Adds `group`, or its complement. If case-insensitive, a group is folded *before* it is negated, so that
    /// `(?i)\P{Lu}` matches no letter that has an upper case.
    pub(crate) fn add_group(&mut self, group: Characters, negated: bool, fold: bool) {
        let group = match (negated, fold) {
            (false, _) => group,
            (true, false) => group.negated(),
            (true, true) => group.folded().negated(),
        };
        self.ranges.extend_from_slice(group.ranges());
    }

    /// Returns the finished set. Everything that is not negated is folded last; negated groups are already closed under
    /// folding, so this adds nothing to them.
    pub(crate) fn finish(self, negated: bool, fold: bool) -> Characters {
        let set = Characters::new(self.ranges);
        let set = if fold { set.folded() } else { set };
        if negated { set.negated() } else { set }
    }
}

/// Returns the group of `\d` and similar escapes, and whether it is negated (`\D`).
pub(crate) fn perl(letter: char) -> Option<(Characters, bool)> {
    let (_, ranges) = PERL.iter().find(|(name, _)| *name == letter.to_ascii_lowercase())?;
    Some((Characters::new(ranges.to_vec()), letter.is_ascii_uppercase()))
}

/// Returns the group of `[:name:]`, and whether it is negated (`[:^name:]`).
pub(crate) fn posix(name: &str) -> Option<(Characters, bool)> {
    let (name, negated) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let (_, ranges) = POSIX.iter().find(|(known, _)| *known == name)?;
    Some((Characters::new(ranges.to_vec()), negated))
}

/// Returns every code point, for `\p{Any}`.
pub(crate) fn any() -> Characters {
    Characters::default().negated()
}

/// Returns the set for `.`.
pub(crate) fn dot(matches_newline: bool) -> Characters {
    if matches_newline { any() } else { Characters::new(vec![('\n', '\n')]).negated() }
}
