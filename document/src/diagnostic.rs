//! Diagnostics: what is wrong with an input, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::spelling::nearest;
use crate::value::Value;

/// What is wrong with an input, where, and what to do next. Whether it is an error or a warning is said by the list that
/// holds it.
///
/// As JSON it has no `file`, `position` or `code`: the sender of a document knows its file, and finds the position by
/// the JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// The file, where the place of the document does not say it.
    #[serde(skip)]
    pub file: String,
    /// JSON pointer to the value, or to where it is missing.
    pub path: String,
    /// Whether the key of the value is wrong, not the value.
    pub in_key: bool,
    /// The position in the file, if the problem was found in the bytes.
    #[serde(skip)]
    pub position: Option<Position>,
    /// What is wrong: in lower case, with user input in backticks.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// The kind of problem.
    #[serde(skip)]
    pub code: Code,
}

/// A part of one line of a file. Lines and columns count from 1, columns in Unicode scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The number of columns; 0 if unknown.
    pub width: u32,
}

impl Position {
    /// Moves the position, for text that is a block in another file.
    pub fn shift(&mut self, lines: u32, columns: u32) {
        self.line = self.line.saturating_add(lines);
        self.column = self.column.saturating_add(columns);
    }
}

/// The kinds of problems that callers treat differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// A template that is not rendered, such as a file in a Helm chart.
    Template,
    /// An `apiVersion` or `kind` that no cluster serves.
    ApiVersion,
    /// A `spec` in an allowlist.
    SpecField,
    /// A field that GKE drops.
    UnknownField,
    /// An invalid RE2 pattern.
    Pattern,
    /// An exemption that does not exist.
    Exemption,
    /// An invalid `minGKEVersion`.
    GkeVersion,
    /// An invalid image digest.
    Digest,
    /// Image digests for a container that the allowlist does not have.
    StrayDigests,
    /// Any other.
    #[default]
    Other,
}

/// The beginning of the help line that asks whether a text was meant.
const QUESTION: &str = "did you mean `";

impl Diagnostic {
    /// Creates a diagnostic of the value at a JSON pointer.
    #[must_use]
    pub fn new(path: String, message: impl Into<String>) -> Self {
        Diagnostic {
            file: String::new(),
            path,
            in_key: false,
            position: None,
            message: message.into(),
            help: None,
            code: Code::Other,
        }
    }

    /// Creates a diagnostic of a position in a file.
    #[must_use]
    pub fn at(position: Position, message: impl Into<String>) -> Self {
        Self::new(String::new(), message).located(position)
    }

    /// Creates a diagnostic of a whole file.
    #[must_use]
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        Diagnostic { file: file.to_owned(), ..Self::new(String::new(), message) }
    }

    /// Creates a fault for a value of the wrong type. `called` is its name in the message, `wanted` the expected type:
    /// `a list`.
    #[must_use]
    pub fn mistyped(path: String, called: &str, found: &Value<'_>, wanted: &str) -> Self {
        let fault = Diagnostic::new(path, format!("{called} must be {wanted}, not {}", shown(found)));
        match retyping_help(found, wanted) {
            Some(help) => fault.help(help),
            None => fault,
        }
    }

    /// Marks the key of the value as wrong.
    #[must_use]
    pub fn in_key(mut self) -> Self {
        self.in_key = true;
        self
    }

    /// Sets the position in the file.
    #[must_use]
    pub fn located(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Moves the position, for text that is a block in another file.
    pub fn shift(&mut self, lines: u32, columns: u32) {
        if let Some(position) = &mut self.position {
            position.shift(lines, columns);
        }
    }

    /// Sets the path.
    #[must_use]
    pub fn path(mut self, path: String) -> Self {
        self.path = path;
        self
    }

    /// Sets the kind of problem.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// Prefixes the path, for a document inside another one.
    #[must_use]
    pub fn below(mut self, place: &str) -> Self {
        self.path.insert_str(0, place);
        self
    }

    /// Asks whether the candidate nearest to `written` was meant. If none is near, the help is `otherwise`.
    #[must_use]
    pub fn suggest<'c>(
        self,
        written: &str,
        candidates: impl IntoIterator<Item = &'c str>,
        otherwise: impl Into<String>,
    ) -> Self {
        match nearest(written, candidates) {
            Some(meant) => self.did_you_mean(meant),
            None => self.help(otherwise),
        }
    }

    /// Asks whether this was meant in place of the key or the value.
    #[must_use]
    pub fn did_you_mean(self, meant: &str) -> Self {
        self.help(format!("{QUESTION}{meant}`?"))
    }

    /// Returns the text of [`Diagnostic::did_you_mean`].
    #[must_use]
    pub fn meant(&self) -> Option<&str> {
        let meant = self.help.as_deref()?.strip_prefix(QUESTION)?.strip_suffix("`?")?;
        (!meant.contains('`')).then_some(meant)
    }

    /// Adds the help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl std::error::Error for Diagnostic {}

impl From<Diagnostic> for Vec<Diagnostic> {
    fn from(diagnostic: Diagnostic) -> Self {
        vec![diagnostic]
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(Position { line, column, .. }) => write!(f, "{line}:{column}: ")?,
            None => write!(f, "{}{}: ", self.file, self.path)?,
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Bool(flag) => format!("the boolean `{flag}`"),
        Value::Int(number) => format!("the number `{number}`"),
        Value::String(text) => format!("the string `{text}`"),
        other => other.kind().to_owned(),
    }
}

fn retyping_help(found: &Value<'_>, wanted: &str) -> Option<&'static str> {
    match (found, wanted) {
        (Value::String(_), "a boolean") => Some("write `true` or `false` without quotes"),
        (Value::String(_), "a whole number") => Some("write the number without quotes"),
        (Value::Bool(_), "a string") => {
            Some("put the text in quotes: otherwise YAML 1.1, which kubectl uses, reads it as a boolean")
        }
        (Value::Int(_) | Value::OtherNumber(_), "a string") => {
            Some("put the text in quotes: otherwise YAML reads it as a number")
        }
        (Value::Map(_), "a list") => Some("start each item with `- `"),
        (Value::Null, _) => Some("remove the empty item"),
        _ => None,
    }
}
