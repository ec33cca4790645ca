//! Compares the results with regex-automata, which simulates its nondeterministic automaton.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use super::{Dfa, LEAST, ROOM};
use crate::compile::compile;
use crate::parse::parse;

/// Patterns with the same meaning in both; only words differ, see [`peer`].
fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => prop::sample::select(vec!["a", "b", "é", "漢", r"\n", " ", "_"]),
        2 => prop::sample::select(vec![
            ".", "(?s:.)", "[a-c]", "[^a]", "[é-漢]", "[^é\n]", r"[^\x00-\x{10FFFF}]", "(?:)",
        ]),
        3 => prop::sample::select(vec!["^", "$", r"\A", r"\z", "(?m:^)", "(?m:$)", r"\b", r"\B"]),
    ];
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 4, |inner| {
        let times = vec!["*", "+", "?", "*?", "{0}", "{2}", "{0,2}", "{1,3}", "{2,}"];
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            2 => (inner, prop::sample::select(times)).prop_map(|(inner, times)| format!("(?:{inner}){times}")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "é", "漢", "\n", " ", "_"]), 0..7)
        .prop_map(|parts| parts.concat())
}

fn dfa(patterns: &[String], room: usize) -> Dfa {
    let asts: Vec<_> =
        patterns.iter().map(|pattern| parse(&format!("^(?:{pattern})$")).expect("valid")).collect();
    Dfa::with_room(compile(&asts), room)
}

/// The same list for regex-automata, whose words are Unicode by default.
fn peer(patterns: &[String]) -> PikeVM {
    let any: Vec<String> = patterns.iter().map(|pattern| format!("(?:{pattern})")).collect();
    let any = any.join("|").replace(r"\b", r"(?-u:\b)").replace(r"\B", r"(?-u:\B)");
    // An empty list matches nothing, but an empty alternation would match the empty text.
    let any = if patterns.is_empty() { r"[^\x00-\x{10FFFF}]".to_owned() } else { any };
    PikeVM::builder()
        .syntax(syntax::Config::new().utf8(false))
        .build(&format!(r"\A(?:{any})\z"))
        .expect("valid")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x6c61_7a79),
        ..ProptestConfig::default()
    })]

    #[test]
    fn answers_as_regex_automata_does(
        patterns in prop::collection::vec(pattern(), 0..4),
        texts in prop::collection::vec(text(), 1..12),
        room in prop::sample::select(vec![0, 3 * LEAST, 8 * LEAST, ROOM]),
    ) {
        let mut dfa = dfa(&patterns, room);
        let peer = peer(&patterns);
        let mut cache = peer.create_cache();
        // In the second round, many states are known.
        for text in texts.iter().chain(&texts) {
            let expected = peer.is_match(&mut cache, Input::new(text).anchored(Anchored::Yes));
            let known = dfa.known(text);
            prop_assert!(known.is_none_or(|known| known == expected), "{:?} and {:?}, known", patterns, text);
            prop_assert_eq!(dfa.matches(text), expected, "{:?} and {:?}", patterns, text);
            if room == ROOM {
                prop_assert_eq!(dfa.known(text), Some(expected), "{:?} and {:?}, again", patterns, text);
            }
        }
    }
}

#[test]
fn what_is_full_starts_afresh_and_answers_the_same() {
    // A deterministic automaton needs a state for each of the 2^10 combinations of the last ten letters.
    let patterns = [r"[ab]*a[ab]{9}".to_owned()];
    let room = 40 * LEAST;
    let mut small = dfa(&patterns, room);
    let mut large = dfa(&patterns, ROOM);
    let mut number = 1_u32;
    let text: String = std::iter::repeat_with(|| {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if number >> 31 == 0 { 'a' } else { 'b' }
    })
    .take(4_000)
    .collect();
    for end in 0..200 {
        let text = text.get(..4_000 - end).expect("ASCII");
        let expected = text.as_bytes().iter().rev().nth(9) == Some(&b'a');
        assert_eq!(small.matches(text), expected);
        assert_eq!(large.matches(text), expected);
        assert!(small.states.len() <= 41, "{} states", small.states.len());
    }
    assert!(large.states.len() > 800, "{} states", large.states.len());
}
