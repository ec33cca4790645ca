//! Sets of texts and of prefixes with fast lookup.
//!
//! Both store a number next to each entry: nearly all comparisons are between numbers.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::order::sorted;

/// A text and its number.
#[derive(Debug, PartialEq, Eq)]
struct Entry<'a> {
    key: u64,
    text: Cow<'a, str>,
}

impl Entry<'_> {
    fn compare(&self, key: u64, text: &str) -> Ordering {
        self.key.cmp(&key).then_with(|| compare(&self.text, text))
    }
}

impl Ord for Entry<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other.key, &other.text)
    }
}

impl PartialOrd for Entry<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Returns the entries for the texts, sorted.
fn entries<'a>(texts: Vec<Cow<'a, str>>, key: fn(&str) -> u64) -> Vec<Entry<'a>> {
    sorted(texts.into_iter().map(|text| Entry { key: key(&text), text }).collect())
}

/// Texts, sorted by their ends: names in a list often start alike.
#[derive(Debug, Default)]
pub(crate) struct Texts<'a>(Vec<Entry<'a>>);

impl<'a> Texts<'a> {
    pub(crate) fn new(texts: Vec<Cow<'a, str>>) -> Self {
        Texts(entries(texts, tail))
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        let tail = tail(text);
        self.0.binary_search_by(|entry| entry.compare(tail, text)).is_ok()
    }
}

/// Prefixes of texts on one line, sorted by bytes. No prefix starts with another one, so only the greatest prefix that
/// is not above a text can match it.
#[derive(Debug, Default)]
pub(crate) struct Prefixes<'a>(Vec<Entry<'a>>);

impl<'a> Prefixes<'a> {
    pub(crate) fn new(prefixes: Vec<Cow<'a, str>>) -> Self {
        let mut entries = entries(prefixes, head);
        // In this order, the shortest prefix comes first, directly followed by all that start with it.
        entries.dedup_by(|longer, shorter| begins_with(&longer.text, &shorter.text));
        Prefixes(entries)
    }

    /// Whether `text` is one line and starts with one of the prefixes.
    pub(crate) fn match_line(&self, text: &str) -> bool {
        let head = head(text);
        let above = self.0.partition_point(|prefix| prefix.compare(head, text).is_le());
        let candidate = above.checked_sub(1).and_then(|index| self.0.get(index));
        candidate.is_some_and(|prefix| begins_with(text, &prefix.text)) && !text.as_bytes().contains(&b'\n')
    }
}

/// The first eight bytes, as a number with the same order as the texts.
fn head(text: &str) -> u64 {
    let bytes = text.as_bytes();
    bytes.first_chunk().map_or_else(|| short(bytes), |chunk| u64::from_be_bytes(*chunk))
}

/// The last eight bytes, as a number.
fn tail(text: &str) -> u64 {
    let bytes = text.as_bytes();
    bytes.last_chunk().map_or_else(|| short(bytes), |chunk| u64::from_be_bytes(*chunk))
}

/// Fewer than eight bytes, padded to a number.
fn short(bytes: &[u8]) -> u64 {
    bytes.iter().fold((0, 64), |(key, shift), byte| (key | u64::from(*byte) << (shift - 8), shift - 8)).0
}

/// Equivalent to `str::cmp`, which compares byte by byte in Wasm.
fn compare(one: &str, other: &str) -> Ordering {
    if cfg!(target_family = "wasm") { compare_by_eights(one, other) } else { one.cmp(other) }
}

fn compare_by_eights(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let eights = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    let alike = 8 * eights.take_while(|(one, other)| one == other).count();
    one.get(alike..).cmp(&other.get(alike..))
}

/// Equivalent to `str::starts_with`, for the same reason.
fn begins_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|beginning| compare(beginning, prefix).is_eq())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::{begins_with, compare, compare_by_eights};

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 4096,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(0x6f72_6465),
            ..ProptestConfig::default()
        })]

        #[test]
        fn texts_are_ordered_as_their_bytes(shared in "[aé]{0,20}", one in "[a-cé]{0,12}", other in "[a-cé]{0,12}") {
            let (one, other) = (format!("{shared}{one}"), format!("{shared}{other}"));
            prop_assert_eq!(compare(&one, &other), one.cmp(&other));
            prop_assert_eq!(compare_by_eights(&one, &other), one.cmp(&other));
            prop_assert_eq!(begins_with(&one, &shared), true);
            prop_assert_eq!(begins_with(&one, &other), one.starts_with(&other));
        }
    }
}
