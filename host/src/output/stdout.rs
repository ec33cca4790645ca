//! Stdout: a report that is lost must not look like success.

use std::io::Write;

use super::pretty::print_error;
use super::{Problem, write_to};
use crate::exit::Exit;
use crate::input::plain;

/// Writes to stdout without changes, including styles.
pub(crate) fn write_stdout(bytes: &[u8], exit: Exit) -> Exit {
    write(&mut std::io::stdout().lock(), bytes, exit)
}

/// Writes text with styles to stdout, as far as it shows them.
pub(crate) fn write_styled(text: &str, exit: Exit) -> Exit {
    write(&mut anstream::stdout().lock(), text.as_bytes(), exit)
}

/// Writes to stdout. A closed pipe (`| head`) is not an error: the exit code stays.
fn write(stdout: &mut impl Write, bytes: &[u8], exit: Exit) -> Exit {
    let Err(error) = write_to(stdout, bytes) else { return exit };
    let problem = Problem::new("", format!("stdout cannot be written: {}", plain(&error)))
        .help("write to a file or a pipe, or to `/dev/null` if you do not need the output");
    print_error(&problem, exit.or_input())
}
