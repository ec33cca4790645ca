//! `hallpass check`

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use hallpass_policy::GkeVersion;
use hallpass_renderer::status::Timestamp;

use super::{EngineName, time};
use crate::chart_runs::ChartValues;
use crate::output::destination::Outputs;

const EXIT_CODES: &str = "\
Exit codes:
  0  every workload is admitted or exempted, or its denial is an exception of the config
  1  a workload is denied
  2  invalid usage
  3  input that cannot be read or built, or is invalid, or nothing to check (takes precedence over 1)
  4  an internal error (takes precedence over all others)";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Check {
    /// Manifests to check: files, folders (all .yaml, .yml and .json files in them), or - for stdin; by default, the
    /// paths of the config, or stdin if it is piped. The folder of a Helm chart is rendered with `helm`, that of a
    /// kustomization built with `kustomize` or `kubectl`
    #[arg(value_name = "PATH|-")]
    pub(crate) paths: Vec<PathBuf>,

    /// WorkloadAllowlists to treat as installed: files, folders, or - for stdin; repeat the option for several
    #[arg(short, long, value_name = "PATH|-", num_args = 1)]
    pub(crate) allowlists: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// The config: defaults for paths, allowlists, profile and version, and known denials; by default, .hallpass.yaml
    /// in the working directory, if it exists. Its allowlists and profile are relative to its folder
    #[arg(long, value_name = "FILE", value_parser = config_file(), conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Ignore the config in the working directory
    #[arg(long)]
    pub(crate) no_config: bool,

    /// The constraints to enforce: those of GKE Autopilot (autopilot, the default), those that make sense on any
    /// Kubernetes cluster (kubernetes), or those of a ConstraintProfile file
    #[arg(long, value_name = "autopilot|kubernetes|FILE")]
    pub(crate) profile: Option<PathBuf>,

    /// The cluster's version, such as 1.34.1-gke.1000000
    #[arg(long, value_name = "VERSION")]
    pub(crate) gke_version: Option<GkeVersion>,

    /// How to evaluate: with the Wasm module that admission controllers load, or with the same code natively
    #[arg(long, value_name = "ENGINE", default_value = "wasm")]
    pub(crate) engine: EngineName,

    /// Deny workloads whose verdict depends on an assumption that the report lists
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) charts: ChartValues,

    /// Check the files of kustomizations and Helm charts as they are, without building them
    #[arg(long, conflicts_with_all = ["values", "set", "matrix"])]
    pub(crate) no_render: bool,

    /// Succeed even if no workload is found
    #[arg(long)]
    pub(crate) allow_empty: bool,

    /// The time at which exceptions of the config must not have expired, such as 2026-01-02T10:00:00Z; by default, the
    /// current time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) now: Option<Timestamp>,

    /// Print only what needs action
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Explain every denial, with every violation, every compared allowlist and every mismatch; list skipped files
    #[arg(long)]
    pub(crate) verbose: bool,
}

/// Standard input contains manifests.
fn config_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.as_os_str() == "-" {
        true => Err("a config must be a file, not stdin"),
        false => Ok(path),
    })
}
