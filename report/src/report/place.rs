//! Places in files.

use serde::Serialize;

/// A position in a file. Lines and columns count from 1; columns count Unicode scalars.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The column after the value; absent for a map, a list, and a value with several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// The YAML anchor through which the value is used here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub anchor: Option<String>,
    /// The missing field, if the position is that of its nearest existing ancestor.
    #[serde(skip)]
    pub absent: Option<String>,
    /// The source text.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
}

/// A line of a file, or the part of it around a value.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The text.
    pub text: String,
    /// The columns of the value in `text`, from 0.
    pub value: std::ops::Range<usize>,
    /// The number of columns that `text` omits on the left.
    pub cut: usize,
}

/// A location in an allowlist, as part of a mismatch. All fields are absent if the allowlist is not loaded.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AllowlistPlace {
    /// The line in the allowlist's file, from 1.
    #[serde(rename = "allowlistLine")]
    pub line: Option<u32>,
    /// The column, from 1, in Unicode scalars.
    #[serde(rename = "allowlistColumn")]
    pub column: Option<u32>,
    /// The column after the value; absent under the same conditions as in the workload.
    #[serde(rename = "allowlistEndColumn", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub end_column: Option<u32>,
    /// The field that the value at this location lacks.
    #[serde(skip)]
    pub absent: Option<String>,
    /// The source text.
    #[serde(skip)]
    pub snippet: Option<Box<Snippet>>,
}

impl From<Place> for AllowlistPlace {
    fn from(place: Place) -> Self {
        AllowlistPlace {
            line: Some(place.line),
            column: Some(place.column),
            end_column: place.end_column,
            absent: place.absent,
            snippet: place.snippet,
        }
    }
}
