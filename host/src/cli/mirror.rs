//! The arguments of `hallpass mirror`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hallpass_author::mirror::Registry;

const AFTER_HELP: &str = "\
Examples:
  hallpass mirror --registry mirror.example/partners agent.yaml > mirrored.yaml
  hallpass mirror --registry mirror.example/partners deploy --script crane > copy.sh
  hallpass mirror --registry mirror.example/partners deploy --check --write --allowlists allowlists

Exit codes:
  0  the manifests or the script are printed or written; with --check, every image is listed, and no workload is denied
  1  with --check: a workload is denied, or an image is not listed; nothing is written
  2  invalid usage
  3  input that cannot be read or is invalid, an image that cannot be rewritten, or no workloads; nothing is written
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Mirror {
    /// Manifests of workloads: files, folders, or - for stdin. The result of one file is printed; several, and folders,
    /// need --write, --check or --script
    #[arg(value_name = "PATH|-", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// The registry that has the copies, and the path below which it has them
    #[arg(long, value_name = "HOST[/PREFIX]")]
    pub(crate) registry: Registry,

    /// Make the host of the original registry the first part of the path below the prefix
    #[arg(long)]
    pub(crate) keep_registry: bool,

    /// Complete an image without a digest by the only digest that the allowlists have for its container
    #[arg(long, requires = "allowlists")]
    pub(crate) pin_from_allowlist: bool,

    /// WorkloadAllowlists, for --check and --pin-from-allowlist: files, folders, or - for stdin;
    /// repeat the option for several
    #[arg(short, long, value_name = "PATH|-", num_args = 1)]
    pub(crate) allowlists: Vec<PathBuf>,

    /// Print a shell script that copies the images, instead of the manifests
    #[arg(long, value_name = "PROGRAM", conflicts_with_all = ["check", "write"])]
    pub(crate) script: Option<Copier>,

    /// Check the rewritten manifests instead of printing them: is every workload admitted or exempted, and every image
    /// listed? With --write, write them only if so
    #[arg(long, requires = "allowlists")]
    pub(crate) check: bool,

    /// Replace the files, and print the changes
    #[arg(long)]
    pub(crate) write: bool,
}

/// A program that copies images between registries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Copier {
    /// `crane copy`
    Crane,
    /// `skopeo copy`
    Skopeo,
}
