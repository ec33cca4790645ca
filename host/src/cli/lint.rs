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
  0  no error and no warning was found; with --fix, none remains
  1  an error or a warning was found
  2  invalid usage
  3  input that cannot be read or fixed, or nothing to lint (takes precedence over 1)
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Lint {
    /// WorkloadAllowlists, AllowlistSynchronizers, fleets and test files: files, folders (all .yaml, .yml and .json
    /// files in them), or - for stdin. Objects of other kinds are skipped
    #[arg(value_name = "PATH|-", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Fix in the files what needs no decision. Every other byte of them stays as it is
    #[arg(long)]
    pub(crate) fix: bool,

    /// Turn rules off for this run: a list with commas, or repeat the option. `hallpass explain` lists the rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule(), hide_possible_values = true)]
    pub(crate) allow: Vec<&'static Rule>,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Accepts the names of rules.
fn rule() -> impl TypedValueParser<Value = &'static Rule> {
    PossibleValuesParser::new(hallpass_lint::rules().iter().map(|rule| rule.id))
        .try_map(|name| hallpass_lint::rule(&name).ok_or("no rule has this name"))
}
