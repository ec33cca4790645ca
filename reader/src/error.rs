//! Why a document cannot be read, and where.

use std::fmt;

use hallpass_document::push_visible;

/// Why a document cannot be read. Lines and columns count from 1; columns count Unicode scalars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The width of the error in columns; 0 if unknown.
    pub width: u32,
    /// The JSON pointer of the node that was being read, as far as it is known.
    pub path: String,
    /// What is wrong, in one sentence without a period.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The kind of error.
    pub kind: ErrorKind,
}

/// The kind of error, for callers that treat some kinds differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An unrendered template, such as a file in a Helm chart.
    Template,
    /// Any other error.
    Other,
}

impl ReadError {
    pub(crate) fn new(at: Spot, message: impl Into<String>) -> Self {
        ReadError {
            line: at.line,
            column: at.column,
            width: at.width,
            path: String::new(),
            message: message.into(),
            help: None,
            kind: ErrorKind::Other,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    pub(crate) fn path(mut self, path: String) -> Self {
        self.path = path;
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ReadError {}

/// A range in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) width: u32,
}

/// Converts a count to `u32`. Larger counts are clamped; positions that large are useless.
pub(crate) fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The maximum number of characters of a text that an error message repeats.
const SHOWN: usize = 60;

/// Shortens text from a file to one line of an error message. Equal for both kinds of line endings.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text.chars().peekable();
    let mut count = 0;
    while let Some(c) = rest.next() {
        if c == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        if count == SHOWN {
            shown.push('…');
            break;
        }
        count += 1;
        push_visible(&mut shown, c);
    }
    shown
}
