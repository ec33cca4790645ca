//! What a run found, before any format. The JSON form is a contract: `schemas/report.schema.json`.

pub(crate) mod json;
pub(crate) mod pretty;

use std::io::Write;

use hallpass_policy::Verdict;
use serde::Serialize;

use crate::exit::Exit;
use crate::judge::FileReport;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    schema_version: u32,
    pub(crate) results: Vec<Outcome>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) summary: Summary,
}

impl Default for Report {
    fn default() -> Self {
        Report {
            schema_version: 1,
            results: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            summary: Summary::default(),
        }
    }
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) workloads: usize,
    pub(crate) admitted: usize,
    pub(crate) exempted: usize,
    pub(crate) denied: usize,
    pub(crate) skipped: usize,
    pub(crate) errors: usize,
    pub(crate) not_evaluated: Vec<String>,
}

/// One workload's verdict.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    pub(crate) file: String,
    pub(crate) document: usize,
    pub(crate) line: u32,
    pub(crate) kind: &'static str,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
    #[serde(serialize_with = "verdict_name")]
    pub(crate) verdict: Verdict,
    pub(crate) allowlist: Option<String>,
    pub(crate) no_connect: Option<bool>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) mismatches: Vec<Mismatch>,
    pub(crate) assumptions: Vec<Assumption>,
    pub(crate) notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Violation {
    pub(crate) constraint: &'static str,
    pub(crate) exemptible: bool,
    pub(crate) message: String,
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mismatch {
    pub(crate) allowlist: String,
    pub(crate) considered: bool,
    pub(crate) rule: String,
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) place: Place,
    pub(crate) workload: Option<String>,
    pub(crate) expected: Option<String>,
    pub(crate) allowlist_file: Option<String>,
    #[serde(rename = "allowlistLine", serialize_with = "line_only")]
    pub(crate) allowlist_place: Option<Place>,
    pub(crate) message: String,
    pub(crate) help: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Assumption {
    pub(crate) rule: String,
    pub(crate) message: String,
}

/// Something wrong with the input.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    pub(crate) file: String,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    pub(crate) path: Option<String>,
    pub(crate) message: String,
    pub(crate) help: Option<Box<str>>,
    #[serde(skip)]
    pub(crate) snippet: Option<Box<Snippet>>,
    /// It is hallpass that is at fault.
    #[serde(skip)]
    internal: bool,
}

/// A position in a file, lines and columns from 1, columns in Unicode scalars.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// The anchor through which the value came here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) anchor: Option<String>,
    /// The field that is not there, when the position is that of the nearest thing that is.
    #[serde(skip)]
    pub(crate) absent: Option<String>,
    #[serde(skip)]
    pub(crate) snippet: Option<Box<Snippet>>,
}

/// A line of a file, or the part of it around a value.
#[derive(Clone, Debug)]
pub(crate) struct Snippet {
    pub(crate) text: String,
    /// The value's columns in `text`, from 0.
    pub(crate) value: std::ops::Range<usize>,
    /// Columns of the line that `text` leaves out on its left.
    pub(crate) cut: usize,
}

fn verdict_name<S: serde::Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.name())
}

#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn line_only<S: serde::Serializer>(place: &Option<Place>, serializer: S) -> Result<S::Ok, S::Error> {
    place.as_ref().map(|place| place.line).serialize(serializer)
}

impl Problem {
    pub(crate) fn new(file: &str, message: impl Into<String>) -> Self {
        Problem {
            file: file.to_owned(),
            line: None,
            column: None,
            path: None,
            message: message.into(),
            help: None,
            snippet: None,
            internal: false,
        }
    }

    pub(crate) fn at(mut self, place: Place, path: &str) -> Self {
        self.line = Some(place.line);
        self.column = Some(place.column);
        self.snippet = place.snippet;
        self.path = Some(path.to_owned());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into().into_boxed_str());
        self
    }

    pub(crate) fn internal(mut self) -> Self {
        self.internal = true;
        self
    }
}

impl Report {
    /// Adds what came of one file. Files are added in the order in which they were named.
    pub(crate) fn add(&mut self, file: FileReport) {
        for outcome in &file.results {
            self.summary.workloads += 1;
            match outcome.verdict {
                Verdict::Admitted => self.summary.admitted += 1,
                Verdict::Exempted => self.summary.exempted += 1,
                Verdict::Denied => self.summary.denied += 1,
            }
        }
        self.summary.skipped += file.skipped;
        self.results.extend(file.results);
        self.errors.extend(file.errors);
        self.warnings.extend(file.warnings);
    }

    /// Invalid input wins over a denial: a run that could not judge everything proves nothing. A fault of ours wins
    /// over both: what is at fault must not be looked for in the input.
    pub(crate) fn exit(&self) -> Exit {
        if self.errors.iter().any(|error| error.internal) {
            Exit::Internal
        } else if !self.errors.is_empty() {
            Exit::Input
        } else if self.summary.denied > 0 {
            Exit::Denied
        } else {
            Exit::Success
        }
    }
}

/// Writes to stdout as it is, styles and all.
pub(crate) fn write_stdout(bytes: &[u8], exit: Exit) -> Exit {
    write_to(&mut std::io::stdout().lock(), bytes, exit)
}

/// Writes to a stream. A reader that has gone (`| head`) is no fault of the run: its exit code stays.
pub(crate) fn write_to(stream: &mut impl Write, bytes: &[u8], exit: Exit) -> Exit {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Exit::Internal,
        _ => exit,
    }
}
