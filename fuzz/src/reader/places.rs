//! Positions: each is in the input.

use hallpass_document::Diagnostic;
use hallpass_document::Value;
use hallpass_reader::Document;

use crate::value::each_node;

/// The number of nodes of a document to look up: the cost of a lookup grows with the length of its path.
const NODES: usize = 2_000;

/// Returns the lengths of a text's lines, in Unicode scalars.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        Lines(text.split(['\n', '\r']).map(|line| line.chars().count()).collect())
    }

    /// Checks that the range exists. It may start after the last character of its line, for a missing value.
    fn have(&self, line: u32, column: u32, width: u32) -> bool {
        let length = (line as usize).checked_sub(1).and_then(|index| self.0.get(index));
        length.is_some_and(|length| column >= 1 && column as usize + width as usize <= length + 1)
    }
}

pub(super) fn check_document(document: &Document<'_>, lines: &Lines) {
    each_node(document.root(), NODES, |pointer, value| {
        for place in [document.locate(pointer), document.locate_key(pointer)] {
            assert!(place.exact, "`{pointer}` is there and is not found");
            assert!(lines.have(place.line, place.column, place.width), "`{pointer}` is outside: {place:?}");
        }
        let missing = document.locate(&format!("{pointer}/{}", no_child(value)));
        assert!(!missing.exact, "`{pointer}` has a child that it has not");
    });
    assert_eq!(document.line(), document.locate("").line, "the root has two lines");
}

/// A segment that does not exist here.
fn no_child(value: &Value<'_>) -> String {
    match value {
        Value::List(items) => items.len().to_string(),
        Value::Map(fields) => "x".repeat(fields.iter().map(|(key, _)| key.len() + 1).max().unwrap_or(1)),
        _ => "0".to_owned(),
    }
}

pub(super) fn check_error(error: &Diagnostic, lines: &Lines) {
    let inside = error.position.is_some_and(|at| lines.have(at.line, at.column, at.width));
    assert!(inside, "outside: {error:?}");
    assert!(error.path.is_empty() || error.path.starts_with('/'), "no JSON pointer: {error:?}");
    let texts = [Some(error.message.as_str()), error.help.as_deref()];
    for text in texts.into_iter().flatten() {
        assert!(!text.is_empty() && !text.contains(char::is_control), "not fit for a line: {error:?}");
    }
}
