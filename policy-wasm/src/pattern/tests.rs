//! What holds for all patterns. What single patterns mean is in `tests/re2/table.tsv`.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::engine::Engine;
use super::parse::parse;
use super::simple::{Simple, recognise};
use super::{Matcher, is_pattern};

/// Bodies that come close to patterns: the parts that the parser treats in a special way, in any order.
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

/// The answer of the automaton, even where a pattern would not need one.
fn engine_matches(pattern: &str, text: &str) -> bool {
    let tree = parse(pattern).expect("a simple pattern is valid");
    Engine::new(&[tree]).matches(text)
}

/// A fixed seed: a run says something of the change under test, not of chance.
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
        match Matcher::new([pattern.as_str()]) {
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
        let valid: Vec<&str> = entries.iter().map(String::as_str).filter(|e| Matcher::new([*e]).is_ok()).collect();
        let alone = |entry: &str| Matcher::new([entry]).is_ok_and(|matcher| matcher.matches(&text));
        let together = Matcher::new(valid.iter().copied()).expect("each is valid");
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
            let matcher = Matcher::new([pattern.as_str()]).expect("escapes are valid");
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
        if let Some(simple) = recognise(&pattern) {
            let matcher = Matcher::new([pattern.as_str()]).expect("a simple pattern is valid");
            // The first text is likely to differ, the others are likely not to.
            let plain = literal.concat().replace('\\', "");
            let mut texts = vec![text.clone(), plain.clone(), plain + &text];
            if let Simple::OneOf(all) = simple {
                texts.extend(all);
            }
            for text in texts {
                prop_assert_eq!(matcher.matches(&text), engine_matches(&pattern, &text), "{:?}", text);
            }
        }
    }
}

#[test]
fn a_pattern_begins_with_a_caret_and_ends_with_a_dollar() {
    for pattern in ["^$", "^a$", r"^foo\$", "^\n$"] {
        assert!(is_pattern(pattern), "{pattern}");
    }
    for text in ["", "^", "$", "a", "^a", "a$", " ^a$", "^a$ ", "(?i)^a$", "^datadog-.*"] {
        assert!(!is_pattern(text), "{text}");
        let matcher = Matcher::new([text]).expect("a text is always valid");
        assert!(matcher.matches(text), "{text}");
    }
    assert!(!Matcher::new(["^datadog-.*"]).expect("a text").matches("datadog-x"));
    assert!(!Matcher::new([]).expect("no entries").matches(""));
}

#[test]
fn every_invalid_pattern_of_a_list_is_named_and_located() {
    let entries = ["a", "^(é", "^é(a$", "^.*$", r"^é\8$", "^é[[:no:]]$", "^(?<=a)b$", r"^\p{greek}$"];
    let errors = Matcher::new(entries).expect_err("four are invalid");
    let told: Vec<_> = errors.iter().map(|(index, e)| (*index, e.offset(), e.to_string())).collect();
    let expected = [
        (2, 2, "missing closing ): `^é(a$`"),
        (4, 2, r"invalid escape sequence: `\8`; RE2 has no back-references"),
        (5, 3, "invalid character class range: `[:no:]`"),
        (6, 1, "invalid named capture: `(?<=a)b$`; RE2 has no look-around"),
        (7, 1, r"invalid character class range: `\p{greek}`; did you mean `\p{Greek}`?"),
    ];
    assert_eq!(told, expected.map(|(index, offset, text)| (index, offset, text.to_owned())));
}

#[test]
fn an_automaton_that_is_too_large_is_refused_before_it_is_built() {
    // Both engines read these one by one; ours counts them against one limit, for the sake of its host.
    let refuse = |entries: &[&str]| {
        let errors = Matcher::new(entries.iter().copied()).expect_err("too large");
        errors.iter().map(|(index, error)| (*index, error.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(refuse(&[r"^\pL{400}$"]), [(0, r"expression too large: `^\pL{400}$`".to_owned())]);
    let part = r"^\pL{150}$";
    let together = "; the patterns of this list are too large together";
    assert_eq!(
        refuse(&[part, part, "^a+$", part]),
        [(3, format!("expression too large: `{part}`{together}"))]
    );
    assert!(Matcher::new([r"^[\pL\pN]{1,253}$"]).is_ok());
}

#[test]
fn the_largest_automaton_still_answers() {
    let pattern = r"^[\pL\pN]{1,253}$";
    let matcher = Matcher::new([pattern]).expect("within the limit");
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
            let matcher = Matcher::new([pattern.as_str()]).expect("not too deep");
            assert!(matcher.matches("a") && !matcher.matches("ac"));
        }
        let error = Matcher::new([deep("(", ")", 2_000).as_str()]).expect_err("too deep").remove(0).1;
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
        drop(Matcher::new([pattern.as_str()]));
    }
    assert!(start.elapsed().as_secs() < 60, "it took {:?}", start.elapsed());
}

#[test]
fn threads_share_a_matcher() {
    let matcher = Matcher::new(["^a+b?$"]).expect("valid");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(matcher.matches("aab") && !matcher.matches("b")));
        }
    });
}

/// Patterns of the kind that takes no automaton for a few texts, and some that come close.
#[cfg(feature = "abi-kubewarden")]
mod direct {
    use proptest::prelude::*;

    use super::super::direct::Direct;
    use super::super::{Matcher, parse::parse};
    use super::{config, engine_matches};

    fn pattern() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            6 => "[a-c]{1,3}",
            3 => prop::sample::select(vec![
                ".", "[a-c]", "[^a]", "[ab-]", "[-b]", r"[\d-]", r"[\]a]", "[b-]", "[^-a]", r"\d", r"\w", r"\s", r"\.",
                r"\-", "[a-c-]", "[--b]", "[a-c-e]", "[c-a]", "[]a]", "[[:alpha:]]", r"[a-\d]", "{2}", "é", "]", "}",
            ]).prop_map(str::to_owned),
            3 => prop::sample::select(vec!["?", "*", "+", "|", "(", "(?:", ")", ")*", ")+", ")?", "??", "(?i)", "^", "$", "{2}", "{0,2}", "{1,}", "{,2}",
                "{0}", "{2,1}", "{02}", "{1,3}", "{0,}", "{2,}", "{1,1001}",
            ])
                .prop_map(str::to_owned),
            2 => "\\([a-c]{0,2}\\|[a-c.]{0,2}[+*]?\\)[?*+]?",
        ];
        prop::collection::vec(part, 0..8).prop_map(|parts| format!("^{}$", parts.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8192, ..config() })]

        #[test]
        fn a_program_says_what_the_automaton_says(
            pattern in pattern(), texts in prop::collection::vec("[a-c]{0,6}|[a-c0-1.\n\\]é -]{0,5}", 8),
        ) {
            if let Some(direct) = Direct::read([pattern.as_str()].into_iter()) {
                prop_assert!(parse(&pattern).is_ok(), "{}", pattern);
                for text in texts {
                    if let Some(answer) = direct.matches(&text) {
                        prop_assert_eq!(answer, engine_matches(&pattern, &text), "{} {:?}", pattern, text);
                    }
                }
            }
        }
    }

    #[test]
    fn what_vendors_write_is_taken_and_what_readers_differ_about_is_not() {
        let takes = |pattern: &str| Direct::read([pattern].into_iter()).is_some();
        for pattern in [
            r"^(registry\.acme\.example|[a-z0-9-]+-docker\.pkg\.dev/acme-public)/acme/agent$",
            "^ACME_[A-Z_]+$",
            r"^SCRAPE_TARGET_\d+_(URL|PATH|TOKEN)$",
            "^ACME_CHECK_[0-9]{1,3}_(NAME|CONFIG|INTERVAL)$",
            "^KUBERNETES(_SERVICE_(HOST|PORT|PORT_HTTPS))?$",
            "^TZ|LANG|LC_[A-Z]+$",
            "^[^/]*/(?:a|)$",
        ] {
            assert!(takes(pattern), "{pattern}");
        }
        for pattern in [
            "^a{0}$",
            "^a{,2}$",
            "^a{01}$",
            "^a{2}{2}$",
            "^a{2}?$",
            "^a{600}$",
            "^(){2}$",
            "^(a{30}){30}$",
            "^a{1$",
            "^{2}$",
            "^(?i)a$",
            "^a**$",
            "^a*?$",
            "^*$",
            "^(*a)$",
            "^(a$",
            "^a)$",
            "^[a$",
            "^[]$",
            "^[c-a]$",
            "^é$",
            r"^\pL$",
            r"^\bx$",
            r"^a\$",
            "^a^b$",
            "^[[:alpha:]]$",
        ] {
            assert!(!takes(pattern), "{pattern}");
        }
        assert!(
            !takes(&format!("^{}$", "a.".repeat(129)))
                && !takes(&format!("^{}a{}$", "(".repeat(9), ")".repeat(9)))
        );
    }

    #[test]
    fn what_takes_too_many_steps_is_for_the_automaton() {
        let pattern = "^(a*)*(a|b)*c$";
        let text = "a".repeat(60);
        let direct = Direct::read([pattern].into_iter()).expect("every part of it is taken");
        assert_eq!(direct.matches(&text), None);
        assert_eq!(direct.matches("é"), None);
        let matcher = Matcher::new([pattern]).expect("valid");
        assert!(!matcher.matches(&text) && matcher.matches("aabc") && !matcher.matches("é"));
    }

    #[test]
    fn many_texts_get_an_automaton_that_says_the_same() {
        let patterns = ["^a[ab]*c$", "^(x|y)+[0-9]$"];
        let matcher = Matcher::new(patterns).expect("valid");
        for _ in 0..50 {
            assert!(matcher.matches("abac") && matcher.matches("xyx7") && !matcher.matches("ab"));
        }
        assert!(matcher.engine.get().is_some());
    }

    #[test]
    fn what_a_list_takes_is_never_too_large_for_an_automaton() {
        // No set costs more: every other character is out of it, so that what is in it makes as many ranges as can be.
        let even: String =
            (b'0'..=b'z').step_by(2).filter(u8::is_ascii_alphanumeric).map(char::from).collect();
        let set = format!("[^!#%')+,.:<>{even}]");
        let cost = |pattern: &str| parse(pattern).expect("valid").cost();
        let (one, two) = (cost(&format!("^{set}$")), cost(&format!("^{set}{set}$")));
        assert!(two - one < super::super::MAX_COST / 6000, "{one} {two}");
        let long = format!("^(?:{set}|a){{100}}$");
        let most = (1..64).take_while(|count| {
            let all = vec![long.as_str(); *count];
            let taken = Direct::read(all.iter().copied());
            let cost: u64 = taken.iter().flat_map(Direct::trees).map(|tree| tree.cost()).sum();
            assert!(cost <= super::super::MAX_COST, "{cost}");
            taken.is_some()
        });
        assert!((1..64).contains(&most.count()));
    }
}
