use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{Beyond, MAX_WORK, Work, beyond, beyond_within, common};
use crate::{Entry, Matcher};

fn entries<'a>(list: &[&'a str]) -> Vec<Entry<'a>> {
    let entry = |text: &&'a str| match text.starts_with('^') {
        true => Entry::Pattern(text),
        false => Entry::Text(text),
    };
    list.iter().map(entry).collect()
}

fn found(list: &[&str], other: &[&str]) -> Beyond {
    beyond(&entries(list), &entries(other)).expect("valid patterns")
}

fn example(text: &str) -> Beyond {
    Beyond::Text(text.to_owned())
}

#[test]
fn the_shortest_text_of_the_difference() {
    for (list, other, expected) in [
        (&["^DD_.*$"][..], &["^DD_[A-Z]+$"][..], example("DD_")),
        (&["^DD_[A-Z]+$"], &["^DD_.*$"], Beyond::Nothing),
        (&["a"], &["a", "b"], Beyond::Nothing),
        (&["a", "b"], &["a"], example("b")),
        (&["^(HTTP|HTTPS|NO)_PROXY$"], &["HTTP_PROXY", "NO_PROXY"], example("HTTPS_PROXY")),
        (&["^[a-z]+$"], &["^[a-y]+$", "^[b-z]+$"], example("az")),
        (&["^.*$"], &[r"^[\x00-\x{10FFFF}]*$"], Beyond::Nothing),
        (&[r"^(?s).$"], &["^.$"], example("\n")),
        (&["^é|k$"], &["^k$"], example("é")),
        (&["^(?i)k$"], &["k", "K"], example("\u{212a}")),
        (&[r"^a\b.*$"], &["^a$", "^a[^0-9A-Za-z_].*$"], Beyond::Nothing),
        (&[], &[], Beyond::Nothing),
        (&["^$"], &[], example("")),
        (&["^[^a]$"], &["^.$"], example("\n")),
        (&["^gcr.io/a$"], &["gcr.io/a"], example("gcraio/a")),
        (&["^a{3}$"], &["^a{2}$"], example("aaa")),
        (&[r"^a.$"], &[r"^a(?:[^/])$"], example("a/")),
    ] {
        assert_eq!(found(list, other), expected, "{list:?} beyond {other:?}");
    }
}

#[test]
fn the_shortest_text_of_both() {
    for (list, other, expected) in [
        (&["^DD_.*$"][..], &["^.*_KEY$"][..], example("DD_KEY")),
        (&["^DD_[A-Z]+$"], &["^dd_.*$"], Beyond::Nothing),
        (&["a", "b"], &["b", "c"], example("b")),
        (&["^.*$"], &["^[a-z]+/[a-z]+$"], example("a/a")),
        (&[r"^r\.example/x:1$"], &["^[a-z./]+$"], Beyond::Nothing),
        (&["^[^é]$"], &["^é$"], Beyond::Nothing),
        (&["^.*$"], &[], Beyond::Nothing),
        (&[], &["^.*$"], Beyond::Nothing),
        (&["^a*$"], &["^$"], example("")),
    ] {
        let found = common(&entries(list), &entries(other)).expect("valid patterns");
        assert_eq!(found, expected, "{list:?} and {other:?}");
    }
}

#[test]
fn an_invalid_pattern_is_an_error() {
    assert!(common(&[Entry::Pattern("^(a$")], &[]).is_err());
    assert!(beyond(&[Entry::Pattern("^(a$")], &[]).is_err());
    assert!(beyond(&[Entry::Text("a")], &[Entry::Pattern("^(a$")]).is_err());
}

#[test]
fn an_exponential_comparison_is_given_up() {
    let hard = "^(a|b)*a(a|b){40}$";
    assert_eq!(found(&["^(a|b)*$"], &[hard, "^(a|b){0,41}$", "^(a|b)*b(a|b){40}$"]), Beyond::Undecided);
}

#[test]
fn comparisons_share_the_work() {
    let (list, other) = (entries(&["^(a|b)*c$"]), entries(&["^(a|b|c)*$"]));
    let mut work = Work::default();
    let decided = (0..MAX_WORK)
        .take_while(|_| beyond_within(&list, &other, &mut work).unwrap() == Beyond::Nothing)
        .count();
    assert!((100..100_000).contains(&decided), "{decided}");
    // What is given up once stays given up.
    assert_eq!(beyond_within(&list, &other, &mut work), Ok(Beyond::Undecided));
    assert_eq!(beyond_within(&list, &list, &mut work), Ok(Beyond::Nothing), "equal texts cost nothing");
}

/// Patterns over a small alphabet, so that a list often matches all that another one matches.
fn pattern() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "b", "[ab]", ".", "a*", "b+", "(a|b)?", "(ab)*", ".*", r"\b", "$", "(?i)a", "é", "[^a]", "\n",
        "a{0,2}",
    ]);
    prop::collection::vec(part, 0..5).prop_map(|parts| format!("^{}$", parts.concat()))
}

/// All texts of up to four characters.
fn texts() -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut longest = 0..1;
    for _ in 0..4 {
        let next: Vec<String> = texts[longest.clone()]
            .iter()
            .flat_map(|text| ["a", "b", "A", "é", "\n", "-"].map(|c| format!("{text}{c}")))
            .collect();
        longest = texts.len()..texts.len() + next.len();
        texts.extend(next);
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x6265_796f),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_answer_agrees_with_matching(
        list in prop::collection::vec(pattern(), 0..3),
        other in prop::collection::vec(pattern(), 0..3),
    ) {
        let [list, other] = [&list, &other].map(|list| {
            list.iter().map(|pattern| Entry::Pattern(pattern)).collect::<Vec<_>>()
        });
        let [one, two] = [&list, &other].map(|list| Matcher::new(list.iter().copied()).expect("valid"));
        let only_one = |text: &str| one.matches(text) && !two.matches(text);
        match beyond(&list, &other).expect("valid") {
            Beyond::Text(text) => {
                prop_assert!(only_one(&text), "{text:?}");
                let shorter = texts().into_iter().find(|other| other.len() < text.len() && only_one(other));
                prop_assert_eq!(shorter, None, "shorter than {:?}", text);
            }
            Beyond::Nothing => prop_assert_eq!(texts().into_iter().find(|text| only_one(text)), None),
            Beyond::Undecided => prop_assert!(false, "small patterns are decided"),
        }
    }

    #[test]
    fn a_common_text_agrees_with_matching(
        list in prop::collection::vec(pattern(), 0..3),
        other in prop::collection::vec(pattern(), 0..3),
    ) {
        let [list, other] = [&list, &other].map(|list| {
            list.iter().map(|pattern| Entry::Pattern(pattern)).collect::<Vec<_>>()
        });
        let [one, two] = [&list, &other].map(|list| Matcher::new(list.iter().copied()).expect("valid"));
        let both = |text: &str| one.matches(text) && two.matches(text);
        match common(&list, &other).expect("valid") {
            Beyond::Text(text) => {
                prop_assert!(both(&text), "{text:?}");
                let shorter = texts().into_iter().find(|other| other.len() < text.len() && both(other));
                prop_assert_eq!(shorter, None, "shorter than {:?}", text);
            }
            Beyond::Nothing => prop_assert_eq!(texts().into_iter().find(|text| both(text)), None),
            Beyond::Undecided => prop_assert!(false, "small patterns are decided"),
        }
    }

    #[test]
    fn a_part_of_a_list_is_within_it(list in prop::collection::vec(pattern(), 1..4)) {
        let list: Vec<_> = list.iter().map(|pattern| Entry::Pattern(pattern)).collect();
        for entry in &list {
            prop_assert_eq!(beyond(&[*entry], &list).expect("valid"), Beyond::Nothing);
        }
    }
}
