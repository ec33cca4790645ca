//! Output of reports.

pub(crate) mod destination;
pub(crate) mod exceptions;
pub(crate) mod file;
pub(crate) mod findings;
mod fingerprint;
mod github;
mod gitlab;
pub(crate) mod json;
mod junit;
pub(crate) mod markdown;
pub(crate) mod outcome;
pub(crate) mod pretty;
mod sarif;
mod stdout;

use std::io::{self, Write};

pub(crate) use hallpass_report::{
    AllowlistChange, Compared, Excepted, Mismatch, Outcome, Place, Problem, Report, Snippet, Summary,
    Variant, Violation,
};

use crate::exit::Exit;
pub(crate) use stdout::{write_stdout, write_styled};

/// Returns the exit code of a run.
pub(crate) fn exit(report: &Report) -> Exit {
    Exit::of(&report.errors, report.summary.denied > report.summary.excepted)
}

/// Writes to a stream. A closed pipe (`| head`) is not an error.
fn write_to(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests;
