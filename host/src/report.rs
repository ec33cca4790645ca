//! What runs found, written out.

pub(crate) mod json;
pub(crate) mod pretty;

use std::io::Write;

pub(crate) use hallpass_report::{Mismatch, Outcome, Place, Problem, Report, Snippet, Summary, Violation};

use crate::exit::Exit;

/// How a run ends. Invalid input wins over a denial: a run that could not judge everything proves nothing. A fault of ours wins
/// over both: what is at fault must not be looked for in the input.
pub(crate) fn exit(report: &Report) -> Exit {
    if report.errors.iter().any(Problem::is_internal) {
        Exit::Internal
    } else if !report.errors.is_empty() {
        Exit::Input
    } else if report.summary.denied > 0 {
        Exit::Denied
    } else {
        Exit::Success
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
