//! The arguments of `hallpass diff`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hallpass_author::difference::Class;

use crate::output::destination::Outputs;

const EXIT_CODES: &str = "\
Exit codes:
  0  the new version permits nothing more, or only what --allow accepts
  1  the new version permits more
  2  invalid usage
  3  input that cannot be read or is invalid, or nothing to compare (takes precedence over 1)
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Diff {
    /// The old version and the new one: files or folders. With --git, the files or folders to compare
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Compare the files with those of a Git revision, such as origin/main, or two revisions, such as v1..v2
    #[arg(long, value_name = "REVISION", value_parser = revision)]
    pub(crate) git: Option<String>,

    /// Succeed if only differences of this class permit more
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = class())]
    pub(crate) allow: Vec<Class>,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn revision(text: &str) -> Result<String, &'static str> {
    match text {
        "" => Err("it is empty"),
        text if text.starts_with('-') => Err("it looks like an option"),
        text => Ok(text.to_owned()),
    }
}

/// Accepts the names of classes.
fn class() -> impl TypedValueParser<Value = Class> {
    PossibleValuesParser::new(Class::ALL.map(Class::name)).try_map(|name| {
        Class::ALL.into_iter().find(|class| class.name() == name).ok_or("no class has this name")
    })
}
