//! `hallpass status`

use std::path::PathBuf;

use clap::Args;
use hallpass_policy::synchronizer::is_allowlist_path;
use hallpass_renderer::status::{self, Timestamp};

use super::{Output, time};

const EXIT_CODES: &str = "\
Exit codes:
  0  every synchronizer is ready; with --removed, every file is gone
  1  a synchronizer is not ready or missing; with --removed, a file remains
  2  invalid usage
  3  input that cannot be read or is invalid, or nothing to check (takes precedence over 1)
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Status {
    /// AllowlistSynchronizers as printed by `kubectl get allowlistsynchronizer -o yaml`, or - for stdin
    #[arg(value_name = "FILE|-")]
    pub(crate) file: Option<PathBuf>,

    /// The cluster's allowlists, as printed by `kubectl get workloadallowlist -o yaml`: they must contain what is
    /// Installed. Those in the file with the synchronizers also count
    #[arg(short, long, value_name = "PATH|-", num_args = 1)]
    pub(crate) allowlists: Vec<PathBuf>,

    /// The expected synchronizers: one in this Fleet file that is missing, or lacks a path, is not ready
    #[arg(long, value_name = "FILE")]
    pub(crate) fleet: Option<PathBuf>,

    /// The name of the cluster in the fleet; required if the fleet has several clusters
    #[arg(long, value_name = "NAME", requires = "fleet")]
    pub(crate) cluster: Option<String>,

    /// Check instead that the allowlist in this file is gone from spec, status and cluster
    #[arg(long, value_name = "PATH", num_args = 1, conflicts_with = "fleet", value_parser = file_path)]
    pub(crate) removed: Vec<String>,

    /// The time at which the objects were read, such as 2026-01-02T10:00:00Z; by default, the current time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) now: Option<Timestamp>,

    /// The output format
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: Output,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn file_path(path: &str) -> Result<String, &'static str> {
    if !is_allowlist_path(status::file_path(path)) {
        return Err(
            "write it as in `spec.allowlistPaths`, `dir/file.yaml`, or with the bucket, `gs://BUCKET/dir/file.yaml`",
        );
    }
    if path.ends_with('*') {
        return Err("list each file: the folder's former files are not known");
    }
    Ok(path.to_owned())
}
