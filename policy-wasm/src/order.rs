//! Order, in little code.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The items, sorted. Lists here are short or sorted once, at load: a heap does, in a tenth of the code that the
/// slice's own sort adds to the Wasm module for each type.
pub(crate) fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}

/// What `str::cmp` says, which in Wasm looks at each byte for itself.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    if cfg!(target_family = "wasm") { compare_by_eights(one, other) } else { one.cmp(other) }
}

fn compare_by_eights(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let eights = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    let alike = 8 * eights.take_while(|(one, other)| one == other).count();
    one.get(alike..).cmp(&other.get(alike..))
}

/// What `str::starts_with` says, likewise.
pub(crate) fn begins_with(text: &str, prefix: &str) -> bool {
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
