//! `hallpass completions SHELL`

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::exit::Exit;
use crate::output::write_stdout;

pub(crate) fn run(shell: Shell) -> Exit {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "hallpass", &mut script);
    write_stdout(&script, Exit::Success)
}
