//! W6: converts JSON pointers to lines, columns and source text.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use hallpass_document::{Diagnostic, Position, unescape};
use hallpass_reader::{Document, Location};

use crate::problem::Problem;
use crate::report::{Place, Snippet};
use crate::templates::is_template;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The contents of a file with the offset of each line, computed on first use.
pub struct LineIndex<'b> {
    bytes: &'b [u8],
    starts: OnceLock<Vec<usize>>,
    /// The number of bytes that may still be searched for columns.
    budget: AtomicUsize,
}

/// Quoting a line of several megabytes for thousands of errors would take minutes. Beyond this limit, locations have no text.
const BUDGET: usize = 64 * 1024 * 1024;

impl<'b> LineIndex<'b> {
    /// Creates the index of a file.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> Self {
        LineIndex { bytes, starts: OnceLock::new(), budget: AtomicUsize::new(BUDGET) }
    }

    /// Returns the text of a line, counted from 1, without its line ending.
    pub(crate) fn line(&self, line: u32) -> Option<Cow<'b, str>> {
        let starts = self.starts();
        let index = (line as usize).checked_sub(1)?;
        let start = *starts.get(index)?;
        let end = starts.get(index + 1).map_or(self.bytes.len(), |next| next - 1);
        let line = self.bytes.get(start..end)?;
        self.budget.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(line.len())).ok()?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // A byte order mark at the start of a document takes no column.
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        Some(String::from_utf8_lossy(line))
    }

    /// Returns the text from a position on, long enough for a string of `length` bytes in any notation.
    pub(crate) fn from(&self, line: u32, column: u32, length: usize) -> Option<&'b str> {
        const MOST_A_BYTE: usize = 8;
        const BLANKS: usize = 1024;
        let before: usize =
            self.line(line)?.chars().take((column as usize).checked_sub(1)?).map(char::len_utf8).sum();
        let start = *self.starts().get((line as usize).checked_sub(1)?)?;
        let start =
            if self.bytes.starts_with(BYTE_ORDER_MARK) && start == 0 { BYTE_ORDER_MARK.len() } else { start };
        let most = length.saturating_mul(MOST_A_BYTE).saturating_add(BLANKS);
        let bytes = self.bytes.get(start + before..)?;
        let bytes = bytes.get(..most).unwrap_or(bytes);
        self.budget.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(bytes.len())).ok()?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text),
            // The text is cut within a character.
            Err(error) => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok(),
        }
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', self.bytes).map(|end| end + 1)).collect()
        })
    }

    fn snippet(&self, line: u32, column: u32, width: u32) -> Option<Box<Snippet>> {
        let text = self.line(line)?;
        let from = (column as usize).saturating_sub(1);
        let shown = text.trim_end().chars().count();
        // If a value does not end on its line, its beginning is enough to find it.
        const BEGINNING: usize = 60;
        let to = if width == 0 { shown.clamp(from, from + BEGINNING) } else { from + width as usize };
        // A minified file is one line. Text far from the value would hide it.
        const AROUND: usize = 160;
        let left = from.saturating_sub(AROUND);
        let cut: String =
            text.chars().skip(left).take(to.saturating_sub(left).min(AROUND) + AROUND).collect();
        let length = cut.chars().count();
        let start = (from - left).min(length);
        Some(Box::new(Snippet { text: cut, value: start..(to - left).clamp(start, length), cut: left }))
    }
}

/// Returns the location of a position in a document, with its text if `lines` is given.
#[must_use]
pub fn place(location: &Location<'_>, lines: Option<&LineIndex<'_>>) -> Place {
    Place {
        line: location.line,
        column: location.column,
        end_column: end(location.column, location.width),
        anchor: location.anchor.map(str::to_owned),
        absent: None,
        snippet: lines.and_then(|lines| lines.snippet(location.line, location.column, location.width)),
    }
}

/// Returns the column after a value; `None` if it does not end on its line, so that its width is 0.
fn end(column: u32, width: u32) -> Option<u32> {
    (width > 0).then(|| column.saturating_add(width))
}

/// Returns the location of a decision's pointer.
#[must_use]
pub fn resolve(document: &Document<'_>, pointer: &str, lines: Option<&LineIndex<'_>>) -> Place {
    let location = document.locate(pointer);
    Place { absent: absent(&location, pointer), ..place(&location, lines) }
}

/// Returns the field that a location lacks, if it is that of the nearest existing value.
pub(crate) fn absent(location: &Location<'_>, pointer: &str) -> Option<String> {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    (!location.exact).then(|| unescape(field).into_owned())
}

/// Returns the location of the key at a decision's pointer.
#[must_use]
pub fn resolve_key(document: &Document<'_>, pointer: &str, lines: Option<&LineIndex<'_>>) -> Place {
    place(&document.locate_key(pointer), lines)
}

/// Converts an error that the decision found in a document.
#[must_use]
pub fn problem(file: &str, fault: &Diagnostic, document: &Document<'_>, lines: &LineIndex<'_>) -> Problem {
    let location = if fault.in_key { document.locate_key(&fault.path) } else { document.locate(&fault.path) };
    let problem = Problem::new(file, &fault.message)
        .at(place(&location, Some(lines)), &fault.path)
        .of_template(document.template());
    match &fault.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// Converts an error of the reader.
#[must_use]
pub fn read_problem(file: &str, error: &Diagnostic, lines: &LineIndex<'_>) -> Problem {
    let at = error.position.unwrap_or(Position { line: 1, column: 1, width: 0 });
    let place = Place {
        line: at.line,
        column: at.column,
        end_column: end(at.column, at.width),
        anchor: None,
        absent: None,
        snippet: lines.snippet(at.line, at.column, at.width.max(1)),
    };
    let problem = Problem::new(file, &error.message).at(place, &error.path);
    let problem = if is_template(error) { problem.unrendered() } else { problem };
    match &error.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}
