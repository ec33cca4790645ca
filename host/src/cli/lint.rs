//! `hallpass lint`

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hallpass_lint::Rule;

use crate::output::destination::Outputs;

const AFTER_HELP: &str = "\
Examples:
  hallpass lint allowlists
  hallpass lint allowlists --fix
  hallpass lint allowlists --allow image-with-tag,name-without-version -o sarif=lint.sarif

Exit codes:
  0  no error and no warning was found; with --fix or --fix-all, none remains
  1  an error or a warning was found
  2  invalid usage
  3  input that cannot be read or written, or nothing to lint (takes precedence over 1)
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Lint {
    /// WorkloadAllowlists, AllowlistSynchronizers, fleets and test files: files, folders (all .yaml, .yml and .json
    /// files in them), or - for stdin. Objects of other kinds are skipped
    #[arg(value_name = "PATH|-", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Fix findings in the files, but permit nothing more. Every other byte of them stays as it is
    #[arg(long)]
    pub(crate) fix: bool,

    /// Fix all findings that have a fix, also if that may permit more, such as to add an anchor to a pattern
    #[arg(long)]
    pub(crate) fix_all: bool,

    /// Turn rules off for this run, separated by commas or with the option repeated; `hallpass explain` lists them
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule(), hide_possible_values = true)]
    pub(crate) allow: Vec<&'static Rule>,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl Lint {
    /// Returns the option that changes files, if any.
    pub(crate) fn fixes(&self) -> Option<Fixes> {
        match (self.fix, self.fix_all) {
            (_, true) => Some(Fixes::All),
            (true, false) => Some(Fixes::PermitNoMore),
            (false, false) => None,
        }
    }
}

/// The fixes that a run makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fixes {
    /// `--fix`
    PermitNoMore,
    /// `--fix-all`
    All,
}

/// Accepts the names of rules.
fn rule() -> impl TypedValueParser<Value = &'static Rule> {
    PossibleValuesParser::new(hallpass_lint::rules().iter().map(|rule| rule.id))
        .try_map(|name| hallpass_lint::rule(&name).ok_or("no rule has this name"))
}
