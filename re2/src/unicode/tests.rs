//! Every group and every case is the same as in regex-syntax.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::names::{CATEGORIES, SCRIPTS, stored};
use super::{MAJOR, data, group, other_cases};

/// Returns the group according to regex-syntax.
fn expected(name: &str) -> ClassUnicode {
    if name == "Cs" {
        // Texts contain no surrogates, and regex-syntax does not support them.
        return ClassUnicode::empty();
    }
    let property = if SCRIPTS.split(' ').any(|script| script == name) { "sc" } else { "gc" };
    match regex_syntax::parse(&format!(r"\p{{{property}={name}}}")).expect("a known group").into_kind() {
        HirKind::Class(Class::Unicode(class)) => class,
        // A group with one character becomes a literal.
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).expect("a character");
            ClassUnicode::new(text.chars().map(|c| ClassUnicodeRange::new(c, c)))
        }
        other => panic!("{name} is not a group: {other:?}"),
    }
}

/// Returns all cases of `c` according to regex-syntax.
fn expected_cases(c: char) -> Vec<char> {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    class.try_case_fold_simple().expect("the table of cases");
    class.iter().flat_map(|range| range.start()..=range.end()).collect()
}

#[test]
fn every_group_is_that_of_regex_syntax() {
    assert_eq!(data::groups().count(), stored().count());
    for name in stored().chain(MAJOR) {
        let expected: Vec<_> = expected(name).iter().map(|range| (range.start(), range.end())).collect();
        assert_eq!(group(name).expect("a known group").ranges(), expected, "{name}");
    }
    assert!(CATEGORIES.iter().all(|name| name.len() == 2));
    for name in ["C", "Cn", "LC", "Letter", "Unknown", "", "l", "Greek "] {
        assert!(group(name).is_none(), "{name}");
    }
}

#[test]
fn every_case_of_every_character_is_that_of_regex_syntax() {
    for c in '\0'..=char::MAX {
        let mut cases: Vec<char> = other_cases(c, c).chain([c]).collect();
        cases.sort_unstable();
        assert_eq!(cases, expected_cases(c), "{c:?}");
    }
}
