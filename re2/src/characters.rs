//! A finished set of characters: sorted ranges with gaps between them.

use crate::order::sorted;
use crate::unicode;

/// The ranges, inclusive. They neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Characters {
    ranges: Vec<(char, char)>,
}

impl Characters {
    /// Creates the set of all characters in `ranges`, in any order.
    pub(crate) fn new(ranges: Vec<(char, char)>) -> Self {
        let ranges = if ranges.is_sorted() { ranges } else { sorted(ranges) };
        let mut apart: Vec<(char, char)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match apart.last_mut() {
                Some(last) if after(last.1).is_none_or(|next| low <= next) => last.1 = last.1.max(high),
                _ => apart.push((low, high)),
            }
        }
        Characters { ranges: apart }
    }

    pub(crate) fn ranges(&self) -> &[(char, char)] {
        &self.ranges
    }

    /// Returns the set of all other characters.
    pub(crate) fn negated(&self) -> Self {
        let mut others = Vec::with_capacity(self.ranges.len() + 1);
        let mut low = Some('\0');
        for range in &self.ranges {
            if let (Some(low), Some(high)) = (low, before(range.0))
                && low <= high
            {
                others.push((low, high));
            }
            low = after(range.1);
        }
        others.extend(low.map(|low| (low, char::MAX)));
        Characters { ranges: others }
    }

    /// Returns the set with all other cases of its characters.
    pub(crate) fn folded(self) -> Self {
        let cases = self.ranges.iter().flat_map(|(low, high)| unicode::other_cases(*low, *high));
        let cases: Vec<_> = cases.map(|c| (c, c)).collect();
        if cases.is_empty() { self } else { Characters::new([self.ranges, cases].concat()) }
    }
}

/// Returns the next character, skipping surrogates.
fn after(c: char) -> Option<char> {
    match c {
        '\u{d7ff}' => Some('\u{e000}'),
        _ => char::from_u32(c as u32 + 1),
    }
}

fn before(c: char) -> Option<char> {
    match c {
        '\u{e000}' => Some('\u{d7ff}'),
        _ => (c as u32).checked_sub(1).and_then(char::from_u32),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

    use super::{Characters, after, before};

    fn character() -> impl Strategy<Value = char> {
        prop_oneof![
            4 => prop::char::range('a', 'h'),
            2 => prop::sample::select(vec!['\0', '\u{1}', '\u{d7fe}', '\u{d7ff}', '\u{e000}', '\u{e001}']),
            2 => prop::sample::select(vec!['\u{10fffe}', char::MAX, 'k', 'K', '\u{212a}']),
            1 => any::<char>(),
        ]
    }

    fn peer(characters: &Characters) -> ClassUnicode {
        ClassUnicode::new(characters.ranges().iter().map(|&(low, high)| ClassUnicodeRange::new(low, high)))
    }

    fn contains(set: &Characters, c: char) -> bool {
        set.ranges().iter().any(|(low, high)| (*low..=*high).contains(&c))
    }

    /// The ends of ranges, and their neighbors, where errors are most likely.
    fn edges(ranges: &[(char, char)]) -> impl Iterator<Item = char> {
        let ends = ranges.iter().flat_map(|(low, high)| [*low, *high]).chain(['\0', char::MAX]);
        ends.flat_map(|end| [before(end), Some(end), after(end)]).flatten()
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 4096,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(0x7365_7473),
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_set_has_what_its_ranges_have(ends in prop::collection::vec((character(), character()), 0..8)) {
            let ends: Vec<_> = ends.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
            let set = Characters::new(ends.clone());
            let negated = set.negated();
            for c in edges(&ends) {
                let expected = ends.iter().any(|(low, high)| (*low..=*high).contains(&c));
                prop_assert_eq!(contains(&set, c), expected, "{:?}", c);
                prop_assert_eq!(contains(&negated, c), !expected, "{:?} outside", c);
            }
            // The representation is unique.
            let apart = |ranges: &[(char, char)]| ranges.windows(2).all(|pair| after(pair[0].1) < Some(pair[1].0));
            prop_assert!(apart(set.ranges()) && apart(negated.ranges()));
            prop_assert_eq!(negated.negated(), set);
        }

        #[test]
        fn cases_are_those_of_regex_syntax(ends in prop::collection::vec((character(), 0_u32..40), 0..5)) {
            let end = |low: char, more| char::from_u32(low as u32 + more).unwrap_or(low);
            let set = Characters::new(ends.into_iter().map(|(low, more)| (low, end(low, more))).collect());
            let mut folded = peer(&set);
            folded.try_case_fold_simple().expect("the tables of regex-syntax");
            // Ranges before and after the surrogates are never joined.
            let folded = Characters::new(folded.iter().map(|range| (range.start(), range.end())).collect());
            prop_assert_eq!(set.folded(), folded);
        }
    }
}
