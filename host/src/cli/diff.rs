//! The arguments of `hallpass diff`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hallpass_author::difference::Class;
use hallpass_policy::GkeVersion;

use super::EngineName;
use crate::chart_runs::ChartValues;
use crate::output::destination::Outputs;

const USAGE: &str = "\
hallpass diff [OPTIONS] OLD NEW
       hallpass diff [OPTIONS] --git REVISION PATH...
       hallpass diff [OPTIONS] --workloads OLD NEW --allowlists PATH
       hallpass diff [OPTIONS] --workloads --git REVISION PATH... --allowlists PATH";

const AFTER_HELP: &str = "\
Examples:
  hallpass diff acme-agent-v1.0.0.yaml acme-agent-v1.1.0.yaml
  hallpass diff --git origin/main allowlists --allow env,args
  hallpass diff --workloads --git origin/main chart --allowlists allowlists

Exit codes:
  0  the new version permits nothing more, or only what --allow accepts; with --workloads, it denies nothing more
  1  the new version permits more; with --workloads, it denies a workload that the old one does not deny
  2  invalid usage
  3  input that cannot be read or is invalid, or nothing to compare (takes precedence over 1)
  4  an internal error";

#[derive(Args, Debug)]
#[command(override_usage = USAGE, after_help = AFTER_HELP)]
pub(crate) struct Diff {
    /// The old version and the new one: files or folders. With --git, the files or folders to compare
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Compare the files with those of a Git revision, such as origin/main, or two revisions, such as v1..v2
    #[arg(long, value_name = "REVISION", value_parser = revision)]
    pub(crate) git: Option<String>,

    /// Succeed if only differences of these classes permit more: a list with commas, or repeat the option
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = class())]
    pub(crate) allow: Vec<Class>,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) verdicts: Verdicts,
}

/// What the verdicts depend on, with `--workloads`.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options for --workloads")]
pub(crate) struct Verdicts {
    /// Compare the verdicts on two versions of workloads instead: the paths are manifests, charts or kustomizations
    #[arg(long, requires = "allowlists", conflicts_with = "allow")]
    pub(crate) workloads: bool,

    /// WorkloadAllowlists to treat as installed: files, folders, or - for stdin; repeat the option for several
    #[arg(short, long, value_name = "PATH|-", num_args = 1, requires = "workloads")]
    pub(crate) allowlists: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) charts: ChartValues,

    /// The cluster's version, such as 1.34.1-gke.1000000
    #[arg(long, value_name = "VERSION", requires = "workloads")]
    pub(crate) gke_version: Option<GkeVersion>,

    /// The constraints to enforce: those of GKE Autopilot (autopilot, the default), those that make sense on any
    /// Kubernetes cluster (kubernetes), or those of a ConstraintProfile file
    #[arg(long, value_name = "autopilot|kubernetes|FILE", requires = "workloads")]
    pub(crate) profile: Option<PathBuf>,

    /// Deny workloads whose verdict depends on an assumption
    #[arg(long, requires = "workloads")]
    pub(crate) strict: bool,

    /// How to evaluate: with the Wasm module that admission controllers load, or with the same code natively
    #[arg(long, value_name = "ENGINE", default_value = "wasm", requires = "workloads")]
    pub(crate) engine: EngineName,
}

fn revision(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.starts_with('-') {
        return Err("it looks like an option".to_owned());
    }
    match text.split_once("...") {
        Some((old, new)) => Err(since_branching(old, new)),
        None => Ok(text.to_owned()),
    }
}

/// Says how to compare with the revision at which two branches part. Three dots mean that for `git diff`.
fn since_branching(old: &str, new: &str) -> String {
    let [old, new] = [old, new].map(|name| if name.is_empty() { "HEAD" } else { name });
    format!("three dots are not supported; use `--git \"$(git merge-base {old} {new})..{new}\"`")
}

/// Accepts the names of classes.
fn class() -> impl TypedValueParser<Value = Class> {
    PossibleValuesParser::new(Class::ALL.map(Class::name)).try_map(|name| {
        Class::ALL.into_iter().find(|class| class.name() == name).ok_or("no class has this name")
    })
}
