//! Positions of nodes: `positions.txt` contains texts, and the positions of the values and keys at JSON pointers.
//!
//! A result line is the pointer, the value's `line:column+width`, and `*anchor` or `absent` if applicable; then the
//! key's position, if the value has a key. `UPDATE_CASES=1 cargo test` updates the text after the pointers.

use std::fmt::Write as _;

use hallpass_reader::{Document, Location};

fn show(at: Location<'_>) -> String {
    let mut shown = format!("{}:{}+{}", at.line, at.column, at.width);
    if let Some(anchor) = at.anchor {
        write!(shown, " *{anchor}").unwrap();
    }
    if !at.exact {
        shown.push_str(" absent");
    }
    shown
}

fn line(document: &Document<'_>, pointer: &str) -> String {
    let path = if pointer == "(root)" { "" } else { pointer };
    let (value, key) = (document.locate(path), document.locate_key(path));
    let key = if key == value { String::new() } else { format!(", key {}", show(key)) };
    format!("{pointer} = {}{key}", show(value))
}

#[test]
fn positions_are_those_of_the_file() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reader/positions.txt");
    let written = std::fs::read_to_string(path).unwrap();
    let mut fresh = String::new();
    for case in written.split("#### ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (text, results) = rest.split_once("=>\n").expect("a case has a line `=>`");
        let raw = text
            .replace("<TAB>", "\t")
            .replace("<CR>", "\r")
            .replace("<BOM>", "\u{FEFF}")
            .replace("<EOF>\n", "");
        let mut documents = hallpass_reader::read(raw.as_bytes());
        let document = documents.next().unwrap().unwrap();
        writeln!(fresh, "#### {name}\n{text}=>").unwrap();
        for result in results.lines().filter(|line| !line.is_empty()) {
            let pointer = result.split(" = ").next().unwrap();
            writeln!(fresh, "{}", line(&document, pointer)).unwrap();
        }
        fresh.push('\n');
    }
    let fresh = format!("{}\n", fresh.trim_end());
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(path, &fresh).unwrap();
    } else {
        assert_eq!(fresh, written);
    }
}

#[test]
fn documents_count_from_zero_and_know_their_line() {
    let text = b"# nothing\n---\n\n# first\na: 1\n---\n# nothing\n---\n---\n- b\n";
    let documents: Vec<_> = hallpass_reader::read(text).map(Result::unwrap).collect();
    let seen: Vec<_> = documents.iter().map(|document| (document.index(), document.line())).collect();
    assert_eq!(seen, [(0, 5), (1, 10)]);
}

/// Helm prints the comment for each document, also for hooks, and the file can have Windows line endings.
#[test]
fn documents_know_the_template_that_helm_rendered() {
    let text = "---\n# Source: a/templates/one.yaml\n\nkind: A\n---\n# Source: a/templates/one.yaml\n\
                kind: [\n---\n# Source: a/templates/empty.yaml\n---\nkind: B\n--- text\nkind: C\n---\n\
                # Source: a/charts/b/templates/tests/t.yaml\n# Other\n{\"kind\": \"D\"}\n";
    let expected = [
        (true, Some("a/templates/one.yaml")),
        (false, Some("a/templates/one.yaml")),
        (true, None),
        (false, None),
        (true, Some("a/charts/b/templates/tests/t.yaml")),
    ];
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let mut documents = hallpass_reader::read(text.as_bytes());
        let mut seen = Vec::new();
        while let Some(document) = documents.next() {
            if let Ok(document) = &document {
                assert_eq!(document.template(), documents.template());
            }
            seen.push((document.is_ok(), documents.template()));
        }
        assert_eq!(seen, expected, "{text:?}");
    }
}

#[test]
fn the_document_above_the_first_separator_has_no_template() {
    for text in ["# Source: a/templates/b.yaml\nkind: A\n", "{\"kind\": \"A\"}\n"] {
        let text = format!("{text}---\n# Source: a/templates/c.yaml\nkind: B\n");
        let templates: Vec<_> =
            hallpass_reader::read(text.as_bytes()).map(|document| document.unwrap().template()).collect();
        assert_eq!(templates, [None, Some("a/templates/c.yaml")], "{text:?}");
    }
}

/// A part has the positions of the whole, also below an alias.
#[test]
fn a_part_of_a_document_knows_its_positions_in_the_file() {
    let text = b"list:\n- name: a\n  shared: &shared\n    b: [1, 22]\n- other: *shared\n  c: {d: yes}\n";
    let document = hallpass_reader::read(text).next().unwrap().unwrap();
    for place in ["", "/list", "/list/0", "/list/0/shared", "/list/1/other", "/list/1/c"] {
        let part = document.part(place).unwrap();
        assert_eq!(Some(part.root()), document.get(place), "{place}");
        for below in ["", "/0", "/0/name", "/shared/b/1", "/b", "/b/1", "/1/c/d", "/c/d", "/d", "/none"] {
            let whole = document.locate(&format!("{place}{below}"));
            assert_eq!(part.locate(below), whole, "{place} {below}");
            // The root of a part has no key, which is the nearest one of a missing value and of a value below an alias.
            if !below.is_empty() && whole.exact && whole.anchor.is_none() {
                let whole = document.locate_key(&format!("{place}{below}"));
                assert_eq!(part.locate_key(below), whole, "{place} {below}");
            }
        }
    }
    assert!(document.part("/list/2").is_none());
}

#[test]
fn a_shifted_document_is_at_its_place_in_another_file() {
    let text = b"a: 1\nb:\n  c: x\n";
    let read = || hallpass_reader::read(text).next().unwrap().unwrap();
    let (plain, shifted) = (read(), read().shifted(10, 4));
    for pointer in ["", "/a", "/b", "/b/c"] {
        let (plain, shifted) = (plain.locate(pointer), shifted.locate(pointer));
        let expected = (plain.line + 10, plain.column + 4, plain.width);
        assert_eq!((shifted.line, shifted.column, shifted.width), expected, "{pointer}");
    }
}
