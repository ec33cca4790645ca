//! Hostile input: a short and quick response, and never a crash.

use std::fmt::Write as _;

use hallpass_document::{Diagnostic, MAX_DEPTH, Position};
use hallpass_reader::read;

fn error(text: &str) -> Diagnostic {
    read(text.as_bytes()).find_map(Result::err).expect("an error")
}

fn shown(text: &str) -> String {
    located(&error(text))
}

fn located(error: &Diagnostic) -> String {
    let Diagnostic { position, message, .. } = error;
    let Position { line, column, .. } = position.unwrap();
    format!("{line}:{column}: {message}")
}

#[test]
fn depth_ends_at_the_limit() {
    let message = "lists and maps are nested more than 128 deep";
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("- ", ""), ("# YAML\n[", "]")] {
        let comment = open.len() - open.trim_start_matches("# YAML\n").len();
        let (comment, open) = open.split_at(comment);
        let nested = |depth: usize| format!("{comment}{}1{}\n", open.repeat(depth), close.repeat(depth));
        assert!(read(nested(MAX_DEPTH).as_bytes()).all(|document| document.is_ok()), "{open}");
        assert_eq!(error(&nested(MAX_DEPTH + 1)).message, message, "{open}");
        assert_eq!(error(&format!("{comment}{}", open.repeat(20_000))).message, message, "{open}");
    }
}

#[test]
fn depth_counts_what_an_alias_brings() {
    let half = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let text = format!("a: &a {half}\nb: {}*a{}\n", "[".repeat(28), "]".repeat(28));
    assert_eq!(shown(&text), "2:32: with alias `*a`, lists and maps are nested more than 128 deep");
    let text = format!("a: &a {half}\nb: {}*a{}\n", "[".repeat(27), "]".repeat(27));
    assert!(read(text.as_bytes()).all(|document| document.is_ok()));
}

#[test]
fn a_billion_laughs_are_not_laughed() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..=9 {
        let alias = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", [alias.as_str(); 9].join(", ")).unwrap();
    }
    let error = error(&text);
    assert_eq!(located(&error), "5:9: alias expansion makes this document too large");
    assert_eq!(error.path, "/a4");
}

#[test]
fn copies_of_long_strings_count() {
    let text = format!("a: &a \"\\x41{}\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(10_000));
    assert_eq!(error(&text).message, "alias expansion makes this document too large");
}

#[test]
fn anchors_in_anchors_count() {
    let text = format!("a: {}{}{}\nb: *a0\n", "&a0 [".repeat(120), "1, ".repeat(10_000), "]".repeat(120));
    assert_eq!(error(&text).message, "alias expansion makes this document too large");
}

#[test]
fn a_limit_can_be_set() {
    let mut limits = hallpass_reader::Limits::default();
    let text = "a: &a [1, 2, 3]\nb: *a\n";
    assert!(hallpass_reader::read_with_limits(text.as_bytes(), limits).all(|document| document.is_ok()));
    limits.alias_nodes = 5;
    let error = hallpass_reader::read_with_limits(text.as_bytes(), limits).find_map(Result::err).unwrap();
    assert_eq!(located(&error), "2:4: alias expansion makes this document too large");
}

#[test]
fn encodings_other_than_utf8_are_named() {
    let first = |bytes: &[u8]| located(&read(bytes).find_map(Result::err).unwrap());
    assert_eq!(first(b"\xFF\xFEa\0:\0"), "1:1: the file is UTF-16");
    assert_eq!(first(b"\xFE\xFF\0a\0:"), "1:1: the file is UTF-16");
    assert_eq!(first(b"a: \xC3\xA9\nb: \xC3\xA9\xE9\n"), "2:5: byte 0xE9 is not UTF-8");
    assert_eq!(first(b"{\"a\":\n \"\xC3\"}"), "2:3: byte 0xC3 is not UTF-8");
    assert_eq!(read(b"a: \xE9\n---\nb: 1\n").count(), 1);
}

#[test]
fn many_small_things_are_linear() {
    assert_eq!(read("---\n".repeat(1_000_000).as_bytes()).count(), 0);
    assert_eq!(read("a\n---\n".repeat(10_000).as_bytes()).count(), 10_000);
    assert_eq!(read("{}".repeat(100_000).as_bytes()).count(), 100_000);
    let mut keys = String::new();
    for key in 0..50_000 {
        writeln!(keys, "k{key}: &a{key} {key}").unwrap();
    }
    assert_eq!(read(keys.as_bytes()).filter(Result::is_ok).count(), 1);
    keys.push_str("k7: twice\n");
    assert_eq!(shown(&keys), "50001:1: duplicate key `k7` in this map, first on line 8");
}

#[test]
fn rubbish_is_refused_soon() {
    for part in [
        "&a [*a", "- ", "? ", "{", "[", "\"", "'", "!", "*", "&", "a: ", "%", "|", " ", "\t", "-\n ", "é",
        "{a", "[,",
    ] {
        for text in [part.repeat(100_000), format!("a: 1\nb:\n  {}", part.repeat(50_000))] {
            assert!(read(text.as_bytes()).count() <= 1, "{part}");
        }
    }
}
