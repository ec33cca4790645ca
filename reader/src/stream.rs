//! Splits a file into documents, and determines their format.

use hallpass_document::Value;

use crate::Limits;
use crate::document::Document;
use crate::helm;
use crate::json::{Failure, Json};
use crate::shown::clamp;
use crate::text::decode;
use crate::tree::Tree;
use crate::yaml;
use hallpass_document::{Diagnostic, Position};

/// The documents of a file. An invalid document does not hide those after it.
#[derive(Debug)]
pub struct Documents<'a> {
    state: State<'a>,
    limits: Limits,
    /// Whether a duplicate key is an error.
    matters: fn(&Value<'_>, &str) -> bool,
    count: usize,
    /// The template of the last document.
    template: Option<&'a str>,
}

#[derive(Debug)]
enum State<'a> {
    Refused(Option<Diagnostic>),
    Json(Json<'a>),
    Yaml(Chunks<'a>),
}

impl<'a> Documents<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: Limits, matters: fn(&Value<'_>, &str) -> bool) -> Self {
        let state = match decode(bytes) {
            Err(error) => State::Refused(Some(error)),
            Ok(text) if text.trim_ascii_start().starts_with(['{', '[']) => {
                State::Json(Json::new(text, limits))
            }
            Ok(text) => State::Yaml(Chunks::new(Chunk { text, line: 1, column: 0, template: None })),
        };
        Documents { state, limits, matters, count: 0, template: None }
    }

    /// Returns the template that Helm rendered to the last document, even if that is invalid.
    #[must_use]
    pub fn template(&self) -> Option<&'a str> {
        self.template
    }

    fn document(&mut self, tree: Tree<'a>, anchors: Vec<&'a str>) -> Result<Document<'a>, Diagnostic> {
        let mut duplicates = tree.duplicates.iter();
        if let Some(duplicate) = duplicates.find(|duplicate| (self.matters)(&tree.root, &duplicate.path)) {
            return Err(duplicate.clone());
        }
        let index = self.count;
        self.count += 1;
        Ok(Document {
            root: tree.root,
            places: tree.places,
            anchors: anchors.into(),
            duplicates: tree.duplicates,
            index,
            template: self.template,
        })
    }

    /// Reads the next document of a YAML stream.
    fn next_yaml(&mut self, chunk: Chunk<'a>) -> Option<Result<Document<'a>, Diagnostic>> {
        self.template = chunk.template;
        match yaml::read(chunk, self.limits) {
            Ok(None) => None,
            Ok(Some((tree, anchors))) => Some(self.document(tree, anchors)),
            Err(error) => Some(Err(error)),
        }
    }

    /// A document that is not JSON is YAML if it follows a `---` line or starts with `[`. A document that starts with
    /// `{` is always JSON for kubectl before 1.33, and YAML as a fallback since then. It is an error here, because
    /// kubectl versions disagree.
    fn leave_json(&mut self, rest: Chunk<'a>, error: Diagnostic) -> Option<Result<Document<'a>, Diagnostic>> {
        let opens = rest.text.starts_with(['{', '[']);
        let separator = rest.text.starts_with("---") && rest.column == 0;
        let mut chunks = Chunks::new(rest);
        if separator {
            self.state = State::Yaml(chunks);
            return None;
        }
        let first = chunks.next();
        self.state = State::Yaml(chunks);
        let Some(Ok(chunk)) = first.filter(|_| opens) else { return Some(Err(error)) };
        let map = chunk.text.strip_prefix('{');
        match yaml::read(chunk, self.limits) {
            Ok(Some((tree, anchors))) if map.is_none() || self.limits.braces_may_be_yaml => {
                Some(self.document(tree, anchors))
            }
            Ok(_) => Some(Err(or_yaml(error))),
            // If the first key has no quotes, the document was not intended as JSON.
            Err(other) if !map.is_none_or(starts_like_json) => Some(Err(other)),
            Err(_) => Some(Err(error)),
        }
    }
}

/// Returns a JSON error for a document that is valid YAML.
fn or_yaml(error: Diagnostic) -> Diagnostic {
    let yaml = "write `---` on a line above it: without one, kubectl before 1.33 reads a document that starts with `{` as JSON";
    let help = match &error.help {
        Some(help) => format!("{help}; if it is intended as YAML, {yaml}"),
        None => format!("if it is intended as YAML, {yaml}"),
    };
    error.help(help)
}

/// Characters that may follow the `{` of a JSON object.
fn starts_like_json(rest: &str) -> bool {
    rest.trim_start().starts_with(['"', '}'])
}

impl<'a> Iterator for Documents<'a> {
    type Item = Result<Document<'a>, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let item = match &mut self.state {
                State::Refused(error) => return error.take().map(Err),
                State::Json(json) => match json.next()? {
                    Ok(tree) => Some(self.document(tree, Vec::new())),
                    Err(Failure::Refused(error)) => {
                        let rest = json.rest();
                        self.skip_to_separator(rest);
                        Some(Err(error))
                    }
                    Err(Failure::Syntax(error)) => {
                        let rest = json.rest();
                        self.leave_json(rest, error)
                    }
                },
                State::Yaml(chunks) => match chunks.next()? {
                    Ok(chunk) => self.next_yaml(chunk),
                    Err(error) => {
                        self.template = None;
                        Some(Err(error))
                    }
                },
            };
            if let Some(item) = item {
                // An invalid document also counts.
                self.count += usize::from(item.is_err());
                return Some(item);
            }
        }
    }
}

impl<'a> Documents<'a> {
    /// Continues after the next `---`, because the end of the invalid document is unknown.
    fn skip_to_separator(&mut self, rest: Chunk<'a>) {
        let mut chunks = Chunks::new(rest);
        let _refused = chunks.next();
        self.state = State::Yaml(chunks);
    }
}

/// The text of a document, and its position in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk<'a> {
    pub(crate) text: &'a str,
    /// The line of its start.
    pub(crate) line: u32,
    /// The number of columns before it on that line.
    pub(crate) column: u32,
    /// The template that Helm rendered to it.
    pub(crate) template: Option<&'a str>,
}

impl Chunk<'_> {
    pub(crate) fn start(&self) -> Position {
        Position { line: self.line, column: self.column.saturating_add(1), width: 0 }
    }

    /// Whether the text contains only blanks and comments.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.split(['\n', '\r']).all(|line| {
            let text = line.trim_start_matches(' ');
            text.is_empty() || text.starts_with('#')
        })
    }
}

/// The documents between `---` lines, split like in kubectl: before YAML parsing.
#[derive(Debug)]
struct Chunks<'a> {
    rest: Chunk<'a>,
}

const SEPARATOR: &str = "---";
const BYTE_ORDER_MARK: char = '\u{FEFF}';

impl<'a> Chunks<'a> {
    fn new(rest: Chunk<'a>) -> Self {
        Chunks { rest }
    }

    /// Takes the text up to the next line that starts with `---`.
    fn body(&mut self) -> Chunk<'a> {
        let text = self.rest.text;
        let end = if text.starts_with(SEPARATOR) && self.rest.column == 0 {
            0
        } else {
            text.find("\n---").map_or(text.len(), |newline| newline + 1)
        };
        self.take(end)
    }

    /// Takes a number of bytes, which end with a line.
    fn take(&mut self, end: usize) -> Chunk<'a> {
        let (text, rest) = self.rest.text.split_at_checked(end).unwrap_or((self.rest.text, ""));
        // Concatenated files often have a byte order mark at each boundary.
        let chunk = Chunk { text: text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text), ..self.rest };
        let column = if text.is_empty() { self.rest.column } else { 0 };
        self.rest =
            Chunk { text: rest, line: self.rest.line.saturating_add(breaks(text)), column, template: None };
        chunk
    }
}

/// Returns the number of line endings in a text.
fn breaks(text: &str) -> u32 {
    let (mut feeds, mut returns) = (0, false);
    for &byte in text.as_bytes() {
        feeds += usize::from(byte == b'\n');
        returns |= byte == b'\r';
    }
    let lone = if returns { text.matches('\r').count() - text.matches("\r\n").count() } else { 0 };
    clamp(feeds + lone)
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.text.is_empty() {
            return None;
        }
        if self.rest.column > 0 || !self.rest.text.starts_with(SEPARATOR) {
            return Some(Ok(self.body()));
        }
        let end = self.rest.text.find('\n').map_or(self.rest.text.len(), |newline| newline + 1);
        let separator = self.take(end);
        let body = self.body();
        let line = separator.text.strip_suffix('\n').unwrap_or(separator.text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let after = line.get(SEPARATOR.len()..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let alone = after.is_empty() || after.starts_with('#');
        if !alone || line.contains('\r') {
            return Some(Err(not_alone(&separator)));
        }
        Some(Ok(Chunk { template: helm::template(body.text), ..body }))
    }
}

fn not_alone(separator: &Chunk<'_>) -> Diagnostic {
    // A carriage return is a line ending, except when splitting at `---`.
    let written = separator.text.trim_end().split('\r').next().unwrap_or_default();
    let spot = Position { line: separator.line, column: 1, width: clamp(written.chars().count()) };
    Diagnostic::at(spot, "a `---` line has other text on it")
        .help("the separator must be alone on its line: move the rest to the next line")
}
