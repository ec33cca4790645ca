//! Diagnostics: what is wrong with an input, and where.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::pointer::At;
use crate::spelling::nearest;
use crate::value::Value;

/// What is wrong with an input, where, and what to do next. Whether it is an error or a warning is said by the list that
/// holds it.
///
/// As JSON it has no `file`, `position` or `code`: whoever sends a document knows its file, and finds the position by
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
    /// The position in the file, if whoever found the problem has read the bytes.
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

/// The kinds of problems that callers treat differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// A template that is not rendered, such as a file in a Helm chart.
    Template,
    /// Any other.
    #[default]
    Other,
}

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
            Some(meant) => self.help(format!("did you mean `{meant}`?")),
            None => self.help(otherwise),
        }
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

/// Diagnostics collected while an object is read. Reading continues after each fault, so that one run shows all of them.
#[derive(Debug, Default)]
pub struct Diagnostics {
    /// The object cannot be evaluated.
    pub errors: Vec<Diagnostic>,
    /// The object can be evaluated, but is probably not what its author intended.
    pub warnings: Vec<Diagnostic>,
}

type Entries<'v, 'a> = &'v [(Cow<'a, str>, Value<'a>)];

impl Diagnostics {
    /// Adds an error. After a hundred errors, only the fact that there are more is kept.
    pub fn error(&mut self, fault: Diagnostic) {
        push_bounded(&mut self.errors, fault);
    }

    /// Adds a warning, with the same limit as [`Diagnostics::error`].
    pub fn warn(&mut self, fault: Diagnostic) {
        push_bounded(&mut self.warnings, fault);
    }

    /// Returns the entries of a map; none if it is null.
    pub fn map<'v, 'a>(&mut self, value: &'v Value<'a>, at: &At<'_>) -> Entries<'v, 'a> {
        match value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            other => {
                self.mistyped(other, at, "a map");
                &[]
            }
        }
    }

    /// Returns the entries of a map in a list, where null is not the same as absent.
    pub fn map_item<'v, 'a>(&mut self, value: &'v Value<'a>, at: &At<'_>) -> Entries<'v, 'a> {
        if value.is_null() {
            self.mistyped(value, at, "a map");
        }
        self.map(value, at)
    }

    /// Returns the items of a list; none if it is null.
    pub fn list<'v, 'a>(&mut self, value: &'v Value<'a>, at: &At<'_>) -> &'v [Value<'a>] {
        match value {
            Value::List(items) => items,
            Value::Null => &[],
            other => {
                self.mistyped(other, at, "a list");
                &[]
            }
        }
    }

    /// Returns a string; `None` if it is null.
    pub fn string<'v>(&mut self, value: &'v Value<'_>, at: &At<'_>) -> Option<&'v str> {
        match value {
            Value::String(text) => Some(text),
            Value::Null => None,
            other => {
                self.mistyped(other, at, "a string");
                None
            }
        }
    }

    /// Returns a boolean; `None` if it is null.
    pub fn boolean(&mut self, value: &Value<'_>, at: &At<'_>) -> Option<bool> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::Null => None,
            other => {
                self.mistyped(other, at, "a boolean");
                None
            }
        }
    }

    /// Returns a whole number that fits Kubernetes' `int32`.
    pub fn int32(&mut self, value: &Value<'_>, at: &At<'_>) -> Option<i32> {
        match value {
            Value::Int(number) => i32::try_from(*number).ok().or_else(|| {
                self.out_of_range(*number, at);
                None
            }),
            Value::Null => None,
            Value::OtherNumber => {
                let message = format!("{} must be a whole number of 32 bits", at.called());
                self.error(Diagnostic::new(at.pointer(), message).help(format!(
                    "write a whole number from {} to {}, without a decimal point or an exponent",
                    i32::MIN,
                    i32::MAX
                )));
                None
            }
            other => {
                self.mistyped(other, at, "a whole number");
                None
            }
        }
    }

    /// Returns the strings of a list; other items are faults.
    pub fn strings<'v>(&mut self, value: &'v Value<'_>, at: &At<'_>) -> Vec<&'v str> {
        let items = self.list(value, at);
        let mut strings = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let at = at.index(index);
            if item.is_null() {
                self.mistyped(item, &at, "a string");
            }
            strings.extend(self.string(item, &at));
        }
        strings
    }

    fn out_of_range(&mut self, number: i64, at: &At<'_>) {
        self.error(
            Diagnostic::new(at.pointer(), format!("{} is out of range: `{number}`", at.called()))
                .help(format!("write a whole number from {} to {}", i32::MIN, i32::MAX)),
        );
    }

    fn mistyped(&mut self, found: &Value<'_>, at: &At<'_>, wanted: &str) {
        self.error(Diagnostic::mistyped(at.pointer(), &at.called(), found, wanted));
    }
}

/// A generated document can have the same fault a million times.
const SHOWN: usize = 100;

fn push_bounded(faults: &mut Vec<Diagnostic>, fault: Diagnostic) {
    match faults.len() {
        ..SHOWN => faults.push(fault),
        SHOWN => faults.push(
            Diagnostic::new(
                fault.path,
                format!("more than {SHOWN} faults in this object: the others are not shown"),
            )
            .help("fix those above first"),
        ),
        _ => {}
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
        (Value::Int(_) | Value::OtherNumber, "a string") => {
            Some("put the text in quotes: otherwise YAML reads it as a number")
        }
        (Value::Map(_), "a list") => Some("start each item with `- `"),
        (Value::Null, _) => Some("remove the empty item"),
        _ => None,
    }
}
