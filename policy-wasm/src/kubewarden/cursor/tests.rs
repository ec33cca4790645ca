//! The cursor takes for JSON what serde_json does.

use hallpass_samples::tree;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde::de::IgnoredAny;

use super::Cursor;

const PARTS: [&str; 30] = [
    "{",
    "}",
    "[",
    "]",
    "{}",
    "[]",
    ",",
    ":",
    "\"a\"",
    "\"b\":",
    "\"",
    "\\",
    "\"\\u12aF\"",
    "\"\\u12g4\"",
    "\"\\x\"",
    "\"\\\\\"",
    "\"seven..\"",
    "\"eight...\"",
    "0",
    "-0",
    "01",
    "1.5e+3",
    "1.",
    "-",
    "true",
    "nul",
    "null",
    " ",
    "\n",
    "\"\u{1}é\"",
];

fn is_json(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.skip().is_ok() && cursor.end().is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x6375_7273),
        ..ProptestConfig::default()
    })]

    #[test]
    fn parts_put_together(parts in prop::collection::vec(select(PARTS.as_slice()), 0..8)) {
        let text = parts.concat();
        prop_assert_eq!(is_json(&text), serde_json::from_str::<IgnoredAny>(&text).is_ok(), "{}", text);
    }

    #[test]
    fn a_document_and_one_with_a_part_more_or_a_character_less(
        tree in tree(), part in select(PARTS.as_slice()), place in any::<Index>(), pretty in any::<bool>(),
    ) {
        let text = if pretty { format!("{tree:#}") } else { tree.to_string() };
        prop_assert!(is_json(&text), "{}", text);
        let mut cursor = Cursor::new(&text);
        prop_assert_eq!(cursor.skip().unwrap(), text.as_str());
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = places[place.index(places.len())];
        let mut more = text.clone();
        more.insert_str(at, part);
        let mut less = text.clone();
        less.remove(at);
        for text in [more, less, text.split_at(at).0.to_owned()] {
            prop_assert_eq!(is_json(&text), serde_json::from_str::<IgnoredAny>(&text).is_ok(), "{}", text);
        }
    }
}

#[test]
fn depth_has_a_limit() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(is_json(&nested(128)));
    assert!(!is_json(&nested(129)) && !is_json(&nested(1_000_000)));
}
