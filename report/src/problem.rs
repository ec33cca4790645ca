//! Problems with the input: errors, warnings and notes.

use serde::Serialize;

use crate::report::{Place, Snippet};

/// A problem with the input.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The name of the file; empty if the problem concerns the whole run.
    pub file: String,
    /// The template that Helm rendered to the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub template: Option<Box<str>>,
    /// The file with values that a chart was rendered with, if it was rendered with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub variant: Option<Box<str>>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1, in Unicode scalars.
    pub column: Option<u32>,
    /// The column after the value, if it is on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// JSON pointer to the value.
    pub path: Option<Box<str>>,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: Option<Box<str>>,
    /// The source text.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
    #[serde(skip)]
    internal: bool,
    #[serde(skip)]
    unrendered: bool,
}

impl Problem {
    /// Creates a problem of a file, or of the whole run if `file` is empty.
    #[must_use]
    pub fn new(file: &str, message: impl Into<String>) -> Self {
        Problem {
            file: file.to_owned(),
            template: None,
            variant: None,
            line: None,
            column: None,
            end_column: None,
            path: None,
            message: message.into(),
            help: None,
            snippet: None,
            internal: false,
            unrendered: false,
        }
    }

    /// Adds the location, as a position and as a JSON pointer.
    #[must_use]
    pub fn at(mut self, place: Place, path: &str) -> Self {
        self.line = Some(place.line);
        self.column = Some(place.column);
        self.end_column = place.end_column;
        self.snippet = place.snippet;
        self.path = Some(path.into());
        self
    }

    /// Adds the help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into().into_boxed_str());
        self
    }

    /// Marks the problem as an internal error.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.internal = true;
        self
    }

    /// Names the template that Helm rendered to the document.
    #[must_use]
    pub fn of_template(mut self, template: Option<&str>) -> Self {
        self.template = template.map(Into::into);
        self
    }

    /// Marks the document as an unrendered template.
    #[must_use]
    pub(crate) fn unrendered(mut self) -> Self {
        self.unrendered = true;
        self
    }

    pub(crate) fn is_unrendered(&self) -> bool {
        self.unrendered
    }

    /// Whether the problem is an internal error.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.internal
    }
}
