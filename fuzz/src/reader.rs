//! Properties of the YAML and JSON reader (rules W3 and W6 of `docs/semantics.md`).

mod places;
mod text;

use hallpass_document::Diagnostic;
use hallpass_document::Value;
use hallpass_reader::{Document, Limits, read_with_limits};
use hallpass_report::read_workloads;

use crate::broken;
use crate::value::{same, to_json};
use places::{Lines, check_document, check_error};
use text::{as_yaml, with_windows_line_ends};

/// The maximum number of nodes that aliases may add: low, so that inputs reach the limit.
const ALIAS_NODES: usize = 1_000;

type Read<'b> = Result<Document<'b>, Diagnostic>;

/// Reads any bytes.
///
/// - Each position is in the input, and the result depends only on the bytes.
/// - A tree is unchanged if it is written as JSON and read again: as JSON, as YAML, by [`Value::from_json`].
/// - The reader reads everything that [`Value::from_json`] reads, with the same result.
/// - The kind of line endings does not matter.
/// - A document without duplicate keys is read the same where they are allowed.
/// - A document after a `---` line is read, whatever precedes it.
///
/// # Panics
/// If a property is violated.
pub fn check(bytes: &[u8]) {
    let documents = read(bytes);
    let again = read(bytes);
    assert_eq!(format!("{documents:?}"), format!("{again:?}"), "two reads differ");

    let lines = Lines::new(bytes);
    for document in &documents {
        match document {
            Ok(document) => {
                check_document(document, &lines);
                survives_json(document.root());
            }
            Err(error) => check_error(error, &lines),
        }
    }
    json_is_read_alike(bytes, &documents);
    workloads_are_read_alike(bytes, &documents);
    if let Ok(text) = str::from_utf8(bytes) {
        line_ends_do_not_matter(text, &documents);
        nothing_hides_what_follows(text, &documents);
    }
}

fn read(bytes: &[u8]) -> Vec<Read<'_>> {
    let mut limits = Limits::default();
    limits.alias_nodes = ALIAS_NODES;
    read_with_limits(bytes, limits).collect()
}

fn survives_json(root: &Value<'_>) {
    let json = to_json(root);
    match Value::from_json(json.as_bytes()) {
        Ok(value) => assert_eq!(value, *root, "`Value::from_json` reads another tree from {json}"),
        Err(error) => broken(&format!("`Value::from_json` refuses {json}: {error}")),
    }
    // A single scalar is YAML to the reader, which reads a whole float as an integer.
    let exact = matches!(root, Value::List(_) | Value::Map(_));
    assert_reads(&json, root, exact);
    assert_reads(&as_yaml(&json), root, false);
}

/// Checks that the text is one document with this root.
fn assert_reads(text: &str, root: &Value<'_>, exact: bool) {
    match read(text.as_bytes()).as_slice() {
        [Ok(document)] if exact => assert_eq!(document.root(), root, "another tree comes from {text}"),
        [Ok(document)] => {
            assert!(same(document.root(), root), "another tree comes from {text}: {:?}", document.root());
        }
        others => broken(&format!("not one document comes from {text}: {others:?}")),
    }
}

/// The reverse does not hold: a file can have several documents, and invalid JSON may be YAML.
fn json_is_read_alike(bytes: &[u8], documents: &[Read<'_>]) {
    if !bytes.trim_ascii_start().starts_with(b"{") && !bytes.trim_ascii_start().starts_with(b"[") {
        return;
    }
    if let Ok(value) = Value::from_json(bytes) {
        match documents {
            [Ok(document)] => assert_eq!(*document.root(), value, "the two readers of JSON differ"),
            others => broken(&format!("`Value::from_json` reads it, and the reader does not: {others:?}")),
        }
    }
}

fn workloads_are_read_alike(bytes: &[u8], documents: &[Read<'_>]) {
    let workloads: Vec<Read<'_>> = read_workloads(bytes).collect();
    if documents.iter().all(Result::is_ok) {
        let duplicates =
            |read: &Read<'_>| read.as_ref().is_ok_and(|document| !document.duplicates().is_empty());
        assert!(!workloads.iter().any(duplicates), "only one reading has a duplicate key");
        assert_eq!(outcomes(documents), outcomes(&workloads), "workloads are read otherwise");
    }
}

/// Compares trees and error messages. Positions do differ, by the column of a line's end.
fn line_ends_do_not_matter(text: &str, documents: &[Read<'_>]) {
    let Some(other) = with_windows_line_ends(text) else { return };
    let others = read(other.as_bytes());
    assert_eq!(outcomes(documents), outcomes(&others), "line ends change what is read");
}

fn outcomes<'d>(documents: &'d [Read<'_>]) -> Vec<Result<&'d Value<'d>, &'d str>> {
    let outcome =
        |read: &'d Read<'_>| read.as_ref().map(Document::root).map_err(|error| error.message.as_str());
    documents.iter().map(outcome).collect()
}

fn nothing_hides_what_follows(text: &str, documents: &[Read<'_>]) {
    // UTF-16 is rejected as a whole; other invalid UTF-8 does not get here.
    if !text.ends_with('\n') {
        return;
    }
    let longer = format!("{text}---\nlast: document\n");
    let mut others = read(longer.as_bytes());
    let last = others.pop();
    let root = Value::Map(vec![("last".into(), Value::String("document".into()))]);
    assert!(
        last.is_some_and(|last| last.is_ok_and(|last| *last.root() == root)),
        "the last document is lost"
    );
    let trees = |documents: &[Read<'_>]| -> Vec<Option<String>> {
        documents.iter().map(|read| read.as_ref().ok().map(|document| to_json(document.root()))).collect()
    };
    assert_eq!(trees(documents), trees(&others), "a last document changes those before it");
}
