//! Texts and their results: every file in `cases/` contains texts, with a JSON document or an error per line.
//!
//! A case is a line `#### name`, the text, a line `=>`, and the results. `<TAB>`, `<CR>`, `<EOF>` (no line break before
//! it) and `<U+0085>` in a text are placeholders. `UPDATE_CASES=1 cargo test` updates the results: review the diff
//! before you commit it.

use std::fmt::Write as _;

use hallpass_document::{Code, Diagnostic, Position};
use hallpass_reader::{Documents, read_with_duplicates};
use hallpass_workload::ReadPlaces;

type Read = for<'b> fn(&'b [u8]) -> Documents<'b>;

fn place(diagnostic: &Diagnostic) -> (String, u32) {
    let Position { line, column, width } = diagnostic.position.unwrap();
    (format!("{line}:{column}: "), width)
}

fn results(text: &str, read: Read) -> String {
    let mut out = String::new();
    for document in read(text.as_bytes()) {
        match document {
            Ok(document) => {
                for duplicate in document.duplicates() {
                    let (place, width) = place(duplicate);
                    writeln!(out, "warning {place}{} [{width} at {}]", duplicate.message, duplicate.path)
                        .unwrap();
                }
                writeln!(out, "{}", crate::common::text(document.root())).unwrap();
            }
            Err(error) => {
                let at = if error.path.is_empty() { String::new() } else { format!(" at {}", error.path) };
                let help = error.help.as_deref().unwrap_or("none");
                let (place, width) = place(&error);
                let kind = if error.code == Code::Template { ", a template" } else { "" };
                writeln!(out, "error {place}{} [{width}{at}{kind}]\n  help: {help}", error.message).unwrap();
            }
        }
    }
    out
}

/// Replaces the placeholders.
fn raw(text: &str) -> String {
    let mut text = text.replace("<TAB>", "\t").replace("<CR>", "\r").replace("<EOF>\n", "");
    while let Some((before, (code, after))) =
        text.split_once("<U+").and_then(|(before, rest)| Some((before, rest.split_once('>')?)))
    {
        let c = char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
        text = format!("{before}{c}{after}");
    }
    text
}

fn check(file: &str, read: Read) {
    let path = format!("{}/tests/reader/cases/{file}", env!("CARGO_MANIFEST_DIR"));
    let written = std::fs::read_to_string(&path).unwrap();
    let (mut fresh, mut unix_only) = (String::new(), Vec::new());
    for case in written.split("#### ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (text, _) = rest.split_once("=>\n").expect("a case has a line `=>`");
        let result = results(&raw(text), read);
        if !text.contains("<CR>") && results(&raw(text).replace('\n', "\r\n"), read) != result {
            unix_only.push(name.to_owned());
        }
        write!(fresh, "#### {name}\n{text}=>\n{result}\n").unwrap();
    }
    let fresh = format!("{}\n", fresh.trim_end());
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    } else {
        similar(&written, &fresh);
    }
    assert!(unix_only.is_empty(), "with CRLF the result is another: {unix_only:?}");
}

/// Compares, and names the first case that differs.
fn similar(written: &str, fresh: &str) {
    for (written, fresh) in written.split("#### ").zip(fresh.split("#### ")) {
        assert_eq!(fresh, written);
    }
    assert_eq!(fresh.len(), written.len());
}

#[test]
fn documents() {
    check("documents.txt", hallpass_reader::read);
}

#[test]
fn encoding() {
    check("encoding.txt", hallpass_reader::read);
}

#[test]
fn json() {
    check("json.txt", hallpass_reader::read);
}

#[test]
fn maps_and_merges() {
    check("maps.txt", hallpass_reader::read);
}

#[test]
fn anchors_and_aliases() {
    check("anchors.txt", hallpass_reader::read);
}

#[test]
fn scalars_and_tags() {
    check("scalars.txt", hallpass_reader::read);
}

#[test]
fn syntax() {
    check("syntax.txt", hallpass_reader::read);
}

#[test]
fn duplicates_in_workloads() {
    check("duplicates.txt", |bytes| {
        read_with_duplicates(bytes, |root, pointer| ReadPlaces::of(root).contain(pointer))
    });
}

#[test]
fn settings() {
    check("settings.txt", hallpass_reader::read_settings);
}
