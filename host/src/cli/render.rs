//! `hallpass render`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  the rendered tree is written; with --check, it is up to date; with --diff, the fleets are compared
  1  with --check: the rendered tree is out of date
  2  invalid usage
  3  input that cannot be read or is invalid, or a tree that cannot be written (takes precedence over 1)
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Render {
    /// The Fleet file
    #[arg(long, value_name = "FILE")]
    pub(crate) fleet: PathBuf,

    /// The folder for the rendered tree. Files that hallpass did not write there are not touched
    #[arg(long, value_name = "DIR", required_unless_present = "diff")]
    pub(crate) out: Option<PathBuf>,

    /// Write nothing: show what would change, and exit with 1 if anything would
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing: print what the change from another version of the fleet, in a file or - for stdin, means for each
    /// cluster
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["out", "check"])]
    pub(crate) diff: Option<PathBuf>,

    /// Treat warnings about the fleet as errors
    #[arg(long)]
    pub(crate) strict: bool,

    /// The output format
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: RenderOutput,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderOutput {
    /// Text for people
    Pretty,
    /// One JSON object; `hallpass schema --help` lists the schemas
    Json,
    /// With --diff: text for pull requests
    Markdown,
}
