//! One file per subcommand.

pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod digests;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod lint;
pub(crate) mod mirror;
pub(crate) mod partners;
pub(crate) mod render;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod test;
pub(crate) mod unknown;
pub(crate) mod wasm;

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use crate::cli::Cli;
use crate::exit::Exit;
use crate::output::Problem;

/// Reports a command line that clap accepts and a subcommand does not.
fn usage(subcommand: &str, kind: ErrorKind, message: &str) -> Exit {
    let mut command = Cli::command();
    command.build();
    let error = command.find_subcommand_mut(subcommand).map(|command| command.error(kind, message));
    match error.map(|error| error.print()) {
        Some(Ok(())) => Exit::Usage,
        _ => Exit::Internal,
    }
}

/// Returns the internal error for an edited file that would have another meaning.
fn altered(file: &str) -> Problem {
    Problem::new(file, "the edit would change something else in the file")
        .help("this is a bug in hallpass: please report it with the file; nothing was written")
        .internal()
}
