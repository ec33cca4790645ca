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
