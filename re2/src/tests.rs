//! Properties of all patterns. `tests/re2/table.tsv` tests single patterns.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::automaton::Automaton;
use crate::parse::parse;
use crate::simple::{Simple, recognize};
use crate::{Entry, Matcher, PatternError};

fn one(pattern: &str) -> Result<Matcher<'_>, Vec<(usize, PatternError)>> {
    Matcher::new([Entry::Pattern(pattern)])
}

/// Treats strings with `^` and `$` as patterns, and all others as texts.
fn list<'a>(entries: &[&'a str]) -> Result<Matcher<'a>, Vec<(usize, PatternError)>> {
    Matcher::new(entries.iter().map(|entry| match entry.starts_with('^') && entry.ends_with('$') {
        true => Entry::Pattern(entry),
        false => Entry::Text(entry),
    }))
}

/// Bodies that resemble patterns: the parts that the parser treats specially, in any order.
fn body() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-c\n]",
        3 => r"[.*+?|()\[\]{}^$\\-]",
        2 => prop::sample::select(vec![
            r"\d", r"\W", r"\b", r"\B", r"\Q", r"\E", r"\pL", r"\p{Greek}", r"\PN", r"\x41", r"\x{", r"\z", r"\.",
            "(?i)", "(?s)", "(?m:", "(?-", "(?P<n>", "(?:", "[^", "[[:alpha:]", "[:", "]", "{2}", "{1,3}", "{,2}",
            "{1001}", "*?", ".*", "é", "K", "\u{212a}",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-cA-K\n.é]{0,6}", any::<String>()]
}

/// The automaton's result, even if the pattern does not need an automaton.
fn automaton_matches(pattern: &str, text: &str) -> bool {
    let ast = parse(pattern).expect("a simple pattern is valid");
    Automaton::new(&[ast]).matches(text)
}

/// A fixed seed, so that a run depends only on the code.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x7265_3220),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_makes_the_parser_panic(body in prop_oneof![body(), any::<String>()], text in text()) {
        let pattern = format!("^{body}$");
        match one(&pattern) {
            Ok(matcher) => drop(matcher.matches(&text)),
            Err(errors) => {
                let [(0, error)] = errors.as_slice() else { panic!("one error for one pattern") };
                prop_assert!(error.offset() <= pattern.chars().count());
                prop_assert!(pattern.contains(error.fragment()));
            }
        }
    }

    #[test]
    fn a_list_matches_what_any_of_its_entries_does(
        entries in prop::collection::vec(prop_oneof![body().prop_map(|b| format!("^{b}$")), text()], 0..6),
        text in text(),
    ) {
        let valid: Vec<&str> = entries.iter().map(String::as_str).filter(|e| list(&[*e]).is_ok()).collect();
        let alone = |entry: &str| list(&[entry]).is_ok_and(|matcher| matcher.matches(&text));
        let together = list(&valid).expect("each is valid");
        let any = valid.iter().any(|entry| alone(entry));
        prop_assert_eq!(together.matches(&text), any);
    }

    #[test]
    fn an_escaped_text_matches_itself_alone(text in text(), other in text()) {
        let escape = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
        let pattern = format!("^{}$", text.chars().map(escape).collect::<String>());
        let quoted = format!("^\\Q{text}\\E$");
        for pattern in [&pattern, &quoted] {
            if pattern == &quoted && text.contains("\\E") {
                continue;
            }
            let matcher = one(pattern).expect("escapes are valid");
            prop_assert!(matcher.matches(&text));
            prop_assert_eq!(matcher.matches(&other), other == text);
        }
    }

    #[test]
    fn simple_patterns_need_no_automaton(
        literal in prop::collection::vec(
            prop_oneof![
                3 => "[a-c\né]", 1 => r"\\[.*$^/\\-]", 1 => r"[.\\\]}]",
                3 => r"\((\?:)?[a-c\né]{0,2}(\|[a-c]{0,2}|\|\\[.|]){0,2}\)[?]?", 1 => r"[()|?+]",
            ],
            0..5,
        ),
        end in prop::sample::select(vec!["", ".*", r"\.*", ".+"]),
        text in prop_oneof![text(), "[a-c.*$^/\\\\\né-]{0,5}"],
    ) {
        let pattern = format!("^{}{end}$", literal.concat());
        if let Some(simple) = recognize(&pattern) {
            let matcher = one(&pattern).expect("a simple pattern is valid");
            // The first text is likely to differ, the others are not.
            let plain = literal.concat().replace('\\', "");
            let mut texts = vec![text.clone(), plain.clone(), plain + &text];
            if let Simple::OneOf(all) = simple {
                texts.extend(all);
            }
            for text in texts {
                prop_assert_eq!(matcher.matches(&text), automaton_matches(&pattern, &text), "{:?}", text);
            }
        }
    }
}

#[test]
fn a_text_matches_itself_alone() {
    for text in ["", "^", "$", "a", "^a$", "(?i)^a$", "(", "^datadog-.*"] {
        let matcher = Matcher::new([Entry::Text(text)]).expect("a text is always valid");
        assert!(matcher.matches(text), "{text}");
        assert!(!matcher.matches("datadog-x"), "{text}");
    }
    assert!(!Matcher::new([]).expect("no entries").matches(""));
}

#[test]
fn a_pattern_needs_no_anchors() {
    for pattern in ["a|bc*", "^a|bc*", "^a|bc*$", "(?:a|bc*)"] {
        let matcher = one(pattern).expect("valid");
        for (text, expected) in [("a", true), ("bcc", true), ("ax", false), ("xa", false), ("abc", false)] {
            assert_eq!(matcher.matches(text), expected, "{pattern} and {text}");
        }
    }
}

#[test]
fn every_invalid_pattern_of_a_list_is_named_and_located() {
    let entries = ["a", "^(é", "^é(a$", "^.*$", r"^é\8$", "^é[[:no:]]$", "^(?<=a)b$", r"^\p{greek}$"];
    let errors = list(&entries).expect_err("four are invalid");
    let found: Vec<_> = errors.iter().map(|(index, e)| (*index, e.offset(), e.to_string())).collect();
    let expected = [
        (2, 2, "missing closing ): `^é(a$`"),
        (4, 2, r"invalid escape sequence: `\8`; RE2 has no back-references"),
        (5, 3, "invalid character class range: `[:no:]`"),
        (6, 1, "invalid named capture: `(?<=a)b$`; RE2 has no look-around"),
        (7, 1, r"invalid character class range: `\p{greek}`; did you mean `\p{Greek}`?"),
    ];
    assert_eq!(found, expected.map(|(index, offset, text)| (index, offset, text.to_owned())));
}

#[test]
fn an_automaton_that_is_too_large_is_refused_before_it_is_built() {
    // Both engines read these one by one; ours applies a common limit, to protect its host.
    let refuse = |entries: &[&str]| {
        let errors = list(entries).expect_err("too large");
        errors.iter().map(|(index, error)| (*index, error.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(refuse(&[r"^\pL{400}$"]), [(0, r"expression too large: `^\pL{400}$`".to_owned())]);
    let part = r"^\pL{150}$";
    let together = "; the patterns of this list are too large together";
    assert_eq!(
        refuse(&[part, part, "^a+$", part]),
        [(3, format!("expression too large: `{part}`{together}"))]
    );
    assert!(one(r"^[\pL\pN]{1,253}$").is_ok());
}

#[test]
fn the_largest_automaton_still_answers() {
    let pattern = r"^[\pL\pN]{1,253}$";
    let matcher = one(pattern).expect("within the limit");
    assert!(matcher.matches(&"aé漢1".repeat(63)));
    assert!(!matcher.matches(&"aé漢1".repeat(64)));
    assert!(!matcher.matches("aé-"));
}

#[test]
fn deep_nesting_needs_no_stack() {
    let deep =
        |open: &str, close: &str, levels| format!("^{}a{}$", open.repeat(levels), close.repeat(levels));
    let patterns =
        [deep("(", ")", 900), deep("(?:", ")*", 900), deep("(?:b|", ")", 200), deep("(?:", ")", 50_000)];
    let on_little_stack = std::thread::Builder::new().stack_size(96 * 1024).spawn(move || {
        for pattern in &patterns {
            let matcher = one(pattern).expect("not too deep");
            assert!(matcher.matches("a") && !matcher.matches("ac"));
        }
        let error = one(&deep("(", ")", 2_000)).expect_err("too deep").remove(0).1;
        assert!(error.to_string().starts_with("expression nests too deeply"));
    });
    on_little_stack.expect("a thread").join().expect("no overflow and no failure");
}

#[test]
fn long_patterns_take_no_quadratic_time() {
    let long = |part: &str| format!("^{}$", part.repeat(1_000_000));
    let start = std::time::Instant::now();
    for pattern in
        [long("[[:]"), long("[[:"), format!("^[{}]$", r"\pL".repeat(200_000)), long("("), long("(?i)")]
    {
        drop(one(&pattern));
    }
    assert!(start.elapsed().as_secs() < 60, "it took {:?}", start.elapsed());
}

#[test]
fn threads_share_a_matcher() {
    let matcher = one("^a+b?$").expect("valid");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(matcher.matches("aab") && !matcher.matches("b")));
        }
    });
}
