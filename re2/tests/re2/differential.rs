//! Compares RE2 and [`Matcher`] on random patterns and texts, to find cases that are missing from `inputs.tsv`.
//!
//! The test is skipped if `python3` has no google-re2. `HALLPASS_RE2_SEED` selects other patterns. A difference is
//! printed as a line for `inputs.tsv`, to which it should be added.
//! The test is skipped where `python3` has no google-re2. `HALLPASS_RE2_SEED` chooses other patterns. A
//! difference is printed as a line for `inputs.tsv`, which is where it belongs once it is understood.

use std::collections::BTreeMap;

use hallpass_re2::{Entry, Matcher, PatternError};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::grammar::question;
use crate::oracle;
use crate::refusals::REFUSALS;

const SEED: u64 = 0x6861_6c6c;

const PATTERNS: usize = 6_000;

/// Many a text matches only if it is made for its pattern; below these shares the grammar has gone astray.
const LEAST_SHARES: [(&str, usize); 3] = [("match", 20), ("no match", 25), ("error", 8)];

#[test]
fn answers_as_re2_itself_does() {
    if !oracle::is_there() {
        println!("skipped: `python3` has no module `re2`; the package google-re2 of PyPI has it");
        return;
    }
    let seed = std::env::var("HALLPASS_RE2_SEED")
        .map_or(SEED, |seed| seed.parse().expect("HALLPASS_RE2_SEED is a whole number"));
    println!("HALLPASS_RE2_SEED={seed}");
    let questions = questions(seed);
    let pairs: Vec<(&str, &str)> = questions
        .iter()
        .flat_map(|(pattern, texts)| texts.iter().map(move |text| (pattern.as_str(), text.as_str())))
        .collect();
    assert!(pairs.len() >= 20_000);
    let answers = oracle::ask(seed, &pairs);

    let mut differences = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut answers = answers.iter();
    for (pattern, texts) in &questions {
        let here = Matcher::new([Entry::Pattern(pattern)]).map_err(|mut errors| errors.remove(0).1);
        for (text, re2) in texts.iter().zip(&mut answers) {
            *seen.entry(re2).or_default() += 1;
            let answer = match &here {
                Ok(matcher) if matcher.matches(text) => "match",
                Ok(_) => "no match",
                Err(_) => "error",
            };
            if answer == re2 {
                continue;
            }
            if let Some(refusal) = here.as_ref().err().and_then(refusal) {
                *seen.entry(refusal).or_default() += 1;
                continue;
            }
            let why = here.as_ref().err().map(PatternError::to_string).unwrap_or_default();
            differences
                .push(format!("{}\n    RE2: {re2}, here: {answer} {why}", oracle::line(pattern, text)));
        }
    }
    println!("{} pairs: {seen:?}", pairs.len());
    differences.dedup();
    assert!(
        differences.is_empty(),
        "{} of {} pairs differ, HALLPASS_RE2_SEED={seed}:\n{}",
        differences.len(),
        pairs.len(),
        differences.join("\n")
    );
    for (answer, percent) in LEAST_SHARES {
        assert!(seen.get(answer).is_some_and(|n| n * 100 >= pairs.len() * percent), "few are `{answer}`");
    }
    for refusal in REFUSALS {
        assert!(seen.contains_key(refusal.why), "no pattern of this run needs: {}", refusal.why);
    }
}

fn questions(seed: u64) -> Vec<(String, Vec<String>)> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let question = question();
    let mut draw = || question.new_tree(&mut runner).expect("nothing is filtered").current();
    (0..PATTERNS).map(|_| draw()).collect()
}

/// The reason why a pattern that RE2 reads is refused all the same, if it is refused for that.
fn refusal(error: &PatternError) -> Option<&'static str> {
    REFUSALS.iter().find(|refusal| (refusal.blames)(error.fragment())).map(|refusal| refusal.why)
}
