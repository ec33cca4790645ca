//! Why a document cannot be read, and where.

use std::fmt;

use hallpass_document::push_visible;

/// Why a document cannot be read. Lines and columns count from 1, columns in Unicode scalars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line at fault.
    pub line: u32,
    /// The column at fault.
    pub column: u32,
    /// How many columns of that line are at fault; 0 when that is not known.
    pub width: u32,
    /// The JSON pointer of the node being read, as far as it is known.
    pub path: String,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What kind of error it is.
    pub kind: ErrorKind,
}

/// What kind of error, for who treats some unlike others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A template that is not rendered, such as a file in a Helm chart.
    Template,
    /// Any other.
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

/// A stretch of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) width: u32,
}

/// Counts beyond `u32` stick at its end: a position there is of no use to anybody.
pub(crate) fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How much of a text an error message repeats.
const SHOWN: usize = 60;

/// What a file says, fit for one line of an error message: the same for both kinds of line ends.
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
