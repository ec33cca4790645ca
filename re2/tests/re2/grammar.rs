//! Patterns that cover the details of the dialect, each with texts: the one from which it was generated, which usually
//! matches, and similar ones, which usually do not.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::parts::{BROKEN, CLASS_ITEMS, ESCAPES, FLAGS, LOOKS, REFUSED, SETS};

/// A part of a pattern, and a text that it matches on its own.
#[derive(Clone, Debug)]
struct Part {
    pattern: String,
    text: String,
}

impl Part {
    fn new(pattern: impl Into<String>, text: impl Into<String>) -> Self {
        Part { pattern: pattern.into(), text: text.into() }
    }
}

/// Returns a pattern and its texts.
pub(super) fn question() -> impl Strategy<Value = (String, Vec<String>)> {
    let whole = prop_oneof![7 => expression(), 1 => plain(), 2 => soup()];
    (whole, any::<Index>(), character(), "[a-cA-C1_\n. é]{0,3}").prop_map(|(part, place, other, random)| {
        let pattern = format!("^{}$", part.pattern);
        (pattern, vec![edited(&part.text, place, other), swapped(&part.text), part.text, random])
    })
}

/// Patterns that need no automaton: `^name$` and `^prefix.*$`.
fn plain() -> impl Strategy<Value = Part> {
    let end = select(vec![("", ""), (".*", "x/é"), (".*", ""), (".*", "a\nb"), (r"\.*", ".."), (".+", "a")]);
    (prop::collection::vec(literal(), 0..6), end).prop_map(|(parts, (pattern, text))| {
        let body = concat(parts);
        Part::new(body.pattern + pattern, body.text + text)
    })
}

/// The characters of the dialect in any order.
fn soup() -> impl Strategy<Value = Part> {
    r"[a-c.*+?|(){}\[\]^$\\,0-3QEPLpdbxisnz<>:\-]{0,8}".prop_map(|pattern| Part::new(pattern, "a"))
}

fn expression() -> impl Strategy<Value = Part> {
    atom().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            5 => prop::collection::vec(inner.clone(), 0..5).prop_map(concat),
            2 => (prop::collection::vec(inner.clone(), 1..4), any::<Index>()).prop_map(alternation),
            3 => (inner.clone(), opening()).prop_map(|(part, opening)| {
                Part::new(format!("{opening}{})", part.pattern), part.text)
            }),
            4 => (inner, times()).prop_map(|(part, (times, count))| {
                Part::new(format!("(?:{}){times}", part.pattern), part.text.repeat(count))
            }),
        ]
    })
}

fn atom() -> impl Strategy<Value = Part> {
    prop_oneof![
        12 => literal(),
        8 => fixed(SETS),
        4 => bracket(),
        4 => fixed(ESCAPES),
        4 => fixed(LOOKS),
        2 => fixed(FLAGS),
        3 => "[a-cK.*\\[(é\n]{0,4}".prop_map(|text| Part::new(format!(r"\Q{text}\E"), text)),
        6 => (prop_oneof![literal(), fixed(SETS)], prop_oneof![4 => times(), 1 => fixed_times()])
            .prop_map(|(part, (times, count))| Part::new(part.pattern + times, part.text.repeat(count))),
        // A large count is for one character alone: what RE2's limit of memory makes of larger parts
        // depends on how it compiles them.
        1 => (literal(), fixed_large_times())
            .prop_map(|(part, (times, count))| Part::new(part.pattern + times, part.text.repeat(count))),
        2 => fixed(BROKEN),
        1 => fixed(REFUSED),
    ]
}

fn fixed(parts: &'static [(&str, &str)]) -> impl Strategy<Value = Part> {
    select(parts).prop_map(|(pattern, text)| Part::new(pattern, text))
}

/// Characters with other cases inside and outside of ASCII, of one to four bytes, and special characters.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        6 => select("abckKsSz019_- /:=,<&~".chars().collect::<Vec<_>>()),
        2 => select("\n\t\r\0\u{b}éÉßſ\u{212a}σςΣдЖǅꙊ日\u{2028}\u{e000}\u{10ffff}😀𐐀𐐨".chars().collect::<Vec<_>>()),
        2 => select(r".\+*?()|[]{}^$".chars().collect::<Vec<_>>()),
    ]
}

fn literal() -> impl Strategy<Value = Part> {
    character().prop_map(|c| {
        let escape = if r".\+*?()|[]{}^$".contains(c) { "\\" } else { "" };
        Part::new(format!("{escape}{c}"), c)
    })
}

fn opening() -> impl Strategy<Value = &'static str> {
    let openings = [
        "(", "(", "(?:", "(?i:", "(?i:", "(?s:", "(?m:", "(?-i:", "(?U:", "(?im-s:", "(?P<n>", "(?<n_2>",
        "(?P<N1>", "(?ims:", "(?-ims:", "(?i-i:",
    ];
    select(openings.to_vec())
}

/// A repetition, and the number of repetitions in the text.
fn times() -> impl Strategy<Value = (&'static str, usize)> {
    select(vec![
        ("*", 0),
        ("*", 2),
        ("+", 1),
        ("+", 3),
        ("?", 0),
        ("?", 1),
        ("*?", 1),
        ("+?", 2),
        ("??", 1),
        ("{0}", 0),
        ("{1}", 1),
        ("{2}", 2),
        ("{3}?", 3),
        ("{0,}", 1),
        ("{2,}", 3),
        ("{2,}", 1),
        ("{0,2}", 2),
        ("{1,3}", 4),
        ("{2,3}?", 3),
        ("{0,0}", 0),
        ("{1,1}", 1),
    ])
}

/// Repetitions that are too many, or none.
fn fixed_times() -> impl Strategy<Value = (&'static str, usize)> {
    select(vec![
        ("**", 1),
        ("{2}{3}", 6),
        ("*{2}", 2),
        ("{3,2}", 3),
        ("{,3}", 1),
        ("{a}", 1),
        ("?+", 1),
        ("+*?", 1),
    ])
}

fn fixed_large_times() -> impl Strategy<Value = (&'static str, usize)> {
    select(vec![
        ("{40}", 40),
        ("{999}", 999),
        ("{1000}", 1000),
        ("{1000}", 999),
        ("{1000,}", 1001),
        ("{0,1000}", 1000),
        ("{0,1000}", 1001),
        ("{500,1000}", 500),
        ("{500}", 500),
        ("{501}", 501),
        ("{250,500}", 250),
        ("{333}", 333),
    ])
}

fn bracket() -> impl Strategy<Value = Part> {
    let item = prop_oneof![
        4 => character().prop_map(|c| if r"\]^".contains(c) { Part::new(format!("\\{c}"), c) } else { Part::new(c, c) }),
        3 => (character(), character()).prop_map(range),
        2 => select(CLASS_ITEMS).prop_map(|(pattern, text)| Part::new(pattern, text)),
    ];
    let negation = prop_oneof![3 => Just(""), 1 => Just("^")];
    let first = prop_oneof![8 => Just(""), 1 => Just("]"), 1 => Just("-"), 1 => Just("[")];
    let last = prop_oneof![8 => Just(""), 1 => Just("-"), 1 => Just("^"), 1 => Just("[:")];
    (negation, first, prop::collection::vec(item, 1..4), last, any::<Index>()).prop_map(
        |(negation, first, items, last, index)| {
            let text = index.get(&items).text.clone();
            Part::new(format!("[{negation}{first}{}{last}]", concat(items).pattern), text)
        },
    )
}

/// A range, usually in ascending order. Its text is its end.
fn range((a, b): (char, char)) -> Part {
    let escaped = |c: char| if r"\]^-[".contains(c) { format!("\\{c}") } else { c.to_string() };
    // Where the low end is a digit the ends stay as they were drawn, or no range would run downwards.
    let (low, high) = if a.is_ascii_digit() { (a, b) } else { (a.min(b), a.max(b)) };
    Part::new(format!("{}-{}", escaped(low), escaped(high)), high)
}

fn concat(parts: Vec<Part>) -> Part {
    let (patterns, texts): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.pattern, part.text)).unzip();
    Part::new(patterns.concat(), texts.concat())
}

fn alternation((parts, index): (Vec<Part>, Index)) -> Part {
    let text = index.get(&parts).text.clone();
    let patterns: Vec<_> = parts.into_iter().map(|part| part.pattern).collect();
    Part::new(patterns.join("|"), text)
}

/// Returns `text` with the character at `place` replaced by `other`.
fn edited(text: &str, place: Index, other: char) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.is_empty() {
        return other.to_string();
    }
    let at = place.index(chars.len());
    chars[at] = other;
    chars.into_iter().collect()
}

/// Returns `text` with every letter in another case: `K` also becomes the Kelvin sign.
fn swapped(text: &str) -> String {
    let swap = |c: char| match c {
        'k' => '\u{212a}',
        's' => 'ſ',
        _ if c.is_lowercase() => c.to_uppercase().next().unwrap_or(c),
        _ => c.to_lowercase().next().unwrap_or(c),
    };
    text.chars().map(swap).collect()
}
