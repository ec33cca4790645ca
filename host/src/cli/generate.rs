//! `hallpass generate`

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use hallpass_policy::GkeVersion;
use hallpass_report::generate::object_name;

use crate::chart_runs::ChartValues;
use crate::output::destination::Format;

const AFTER_HELP: &str = "\
Examples:
  hallpass generate agent.yaml --name acme-agent-v1.0.0
  hallpass generate chart --matrix values/*.yaml --merge --pattern args,env -o allowlist.yaml
  hallpass generate chart --from allowlist.yaml -o allowlist.yaml

Exit codes:
  0  every workload is admitted by the allowlist, or without one
  1  no allowlist can admit a workload: nothing is written
  2  invalid usage
  3  input that cannot be read or built, or is invalid, or no workloads (takes precedence over 1)
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Generate {
    /// Manifests of workloads: files, folders, charts, kustomizations, or - for stdin
    #[arg(value_name = "PATH|-", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// The name of the allowlist; of several, all but the first get a number. By default, the
    /// name in the label of the workload, or else one derived from the workload
    #[arg(long, value_name = "NAME", value_parser = object_name)]
    pub(crate) name: Option<String>,

    /// Extend the allowlists in this file: keep its text, and add what is missing. --name selects one of several
    #[arg(long, value_name = "OLD|-", conflicts_with_all = ["pattern", "min_gke_version"])]
    pub(crate) from: Option<PathBuf>,

    /// Put variants of a workload, such as those of --matrix, into one allowlist wherever it can admit all of them
    #[arg(long)]
    pub(crate) merge: bool,

    /// Write a pattern where at least three texts of these fields share a form; a comment says what else it accepts. A
    /// list with commas, or repeat the option
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub(crate) pattern: Vec<PatternField>,

    /// The oldest GKE version that may use the allowlist
    #[arg(long, value_name = "VERSION")]
    pub(crate) min_gke_version: Option<GkeVersion>,

    #[command(flatten)]
    pub(crate) charts: ChartValues,

    /// The cluster's version, for charts that depend on it
    #[arg(long, value_name = "VERSION")]
    pub(crate) gke_version: Option<GkeVersion>,

    /// The constraints to exempt from: those of GKE Autopilot (autopilot), or those of a ConstraintProfile file
    #[arg(long, value_name = "autopilot|kubernetes|FILE", default_value = "autopilot")]
    pub(crate) profile: PathBuf,

    /// Write the allowlist to a file instead of stdout
    #[arg(short, long, value_name = "FILE", value_parser = allowlist_file())]
    pub(crate) output: Option<PathBuf>,
}

/// A field of an allowlist that may contain patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PatternField {
    /// `image`
    Image,
    /// `args`
    Args,
    /// `env[].name`
    Env,
}

/// For other commands, `-o` names a format.
fn allowlist_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        let name = path.to_string_lossy();
        let format = name.split('=').next().unwrap_or_default();
        match format == "yaml" || Format::from_str(format, false).is_ok() {
            true => Err(format!(
                "`-o` names a file here, not a format; write `./{name}` for a file with this name"
            )),
            false => Ok(path),
        }
    })
}
