//! Options that a subcommand does not have.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Error};

use crate::cli::Cli;

/// Replaces clap's tip to pass the option as a value: no path looks like an option. For `test`, the tip names the field
/// of the test file instead.
pub(crate) fn explain(error: &mut Error, arguments: impl Iterator<Item = OsString>) {
    if error.kind() != ErrorKind::UnknownArgument {
        return;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return };
    let option = option.split('=').next().unwrap_or_default().to_owned();
    error.remove(ContextKind::Suggested);
    let is_test = subcommand(arguments).is_some_and(|name| name == "test");
    if let Some(field) = field(&option).filter(|_| is_test) {
        let tip = format!("set `{field}` in the test file: `hallpass test` has no such option");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
        // The user does not mean a similar option.
        error.remove(ContextKind::SuggestedArg);
    }
}

/// Returns the field of a test file with the meaning of an option of `check`.
fn field(option: &str) -> Option<&'static str> {
    Some(match option {
        "-a" | "--allowlists" => "spec.allowlists",
        "--gke-version" => "spec.gkeVersion",
        "--profile" => "spec.profile",
        "--strict" => "spec.strict",
        "--values" => "workload.chart.values",
        "--set" => "workload.chart.set",
        "--matrix" => "workload.chart.matrix",
        _ => return None,
    })
}

/// Returns the first argument that names a subcommand. Only the values of global options precede it, and none of them
/// has such a name.
fn subcommand(arguments: impl Iterator<Item = OsString>) -> Option<String> {
    let command = Cli::command();
    let mut names = arguments.filter_map(|argument| argument.into_string().ok());
    names.find(|name| command.find_subcommand(name).is_some())
}
