//! `hallpass test`

use std::path::PathBuf;

use clap::Args;

use super::EngineName;
use crate::output::destination::Outputs;

const EXIT_CODES: &str = "\
Exit codes:
  0  every test has passed; with --update, every expectation is up to date
  1  a test has failed
  2  invalid usage
  3  input that cannot be read or is invalid, or nothing to test (takes precedence over 1)
  4  an internal error (takes precedence over all others)";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Test {
    /// Test files, as described by `hallpass schema test`, or folders that contain some
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Replace each `expect` that is not met with the result, for review. Everything else in the file stays as it is
    #[arg(long)]
    pub(crate) update: bool,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// How to evaluate: with the Wasm module that admission controllers load, or with the same code natively
    #[arg(long, value_name = "ENGINE", default_value = "wasm")]
    pub(crate) engine: EngineName,

    /// Print only what needs action
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Show the verdict of every workload, and explain each denial completely
    #[arg(long)]
    pub(crate) verbose: bool,
}
