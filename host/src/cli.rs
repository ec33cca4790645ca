//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use hallpass_policy::GkeVersion;
use hallpass_policy::synchronizer::is_allowlist_path;
use hallpass_renderer::status::{self, Timestamp};

use crate::command::partners::Word;
use crate::semantics::{Section, Topic};

/// Would GKE Autopilot admit this workload, and if not, which field on which line is at fault?
///
/// Judges Kubernetes manifests against the constraints of GKE Autopilot and the WorkloadAllowlists of partners,
/// offline. Nothing ever reaches the network.
#[derive(Debug, Parser)]
#[command(name = "hallpass", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// When to use colors; NO_COLOR counts
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  every workload is admitted or exempted; every synchronizer is ready; the rendered tree is up to date
  1  at least one is denied, or not ready; the tree is out of date
  2  bad usage
  3  input that cannot be read or is invalid, or nothing to judge (wins over 1)
  4  a fault of hallpass itself";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge workloads: admitted, exempted by which allowlist, or denied by which field
    Check(Check),
    /// Make what clusters need to install allowlists from Git, in order, or to forbid them
    Render(Render),
    /// Judge AllowlistSynchronizers: is what they were asked for installed?
    Status(Status),
    /// Print what a rule says: docs/semantics.md, section by section
    Explain {
        /// A rule's id such as M7, a constraint's name, or a section such as exit-codes; without any, all of them in a line each
        #[arg(value_name = "ID", value_parser = Topic, hide_possible_values = true)]
        ids: Vec<Section>,
    },
    /// List partners of Google, with the paths of their allowlists as far as they are known
    Partners(Partners),
    /// Show the page that judges in the browser, on this machine only
    Serve(Serve),
    /// The Wasm modules that this binary carries, for gatekeepers
    Wasm {
        /// What to do with them
        #[command(subcommand)]
        action: WasmAction,
    },
    /// Print a JSON Schema
    Schema {
        /// What it describes
        name: SchemaName,
    },
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Check {
    /// Manifests to judge: files, folders (all .yaml, .yml and .json below them), or - for stdin
    #[arg(value_name = "PATH|-")]
    pub(crate) paths: Vec<PathBuf>,

    /// WorkloadAllowlists that count as installed: files, folders, or - for stdin
    #[arg(short, long, value_name = "PATH|-", num_args = 1)]
    pub(crate) allowlists: Vec<PathBuf>,

    /// What to print
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: Output,

    /// The constraints of the cluster: autopilot, or a ConstraintProfile file
    #[arg(long, value_name = "autopilot|FILE", default_value = "autopilot")]
    pub(crate) profile: PathBuf,

    /// The cluster's version, such as 1.34.1-gke.1000000
    #[arg(long, value_name = "VERSION")]
    pub(crate) gke_version: Option<GkeVersion>,

    /// What judges: the Wasm module that gatekeepers load, or the same code without it
    #[arg(long, value_name = "ENGINE", default_value = "wasm")]
    pub(crate) engine: EngineName,

    /// Deny whatever rests on an assumption that the report lists
    #[arg(long)]
    pub(crate) strict: bool,

    /// Judge the files of kustomizations and Helm charts as they are, not built
    #[arg(long)]
    pub(crate) no_render: bool,

    /// Let a run succeed that finds no workload
    #[arg(long)]
    pub(crate) allow_empty: bool,

    /// Print only what needs action
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Show the source of every violation, every allowlist that was compared, and every file that was skipped
    #[arg(long)]
    pub(crate) verbose: bool,
}

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Render {
    /// The Fleet file
    #[arg(long, value_name = "FILE")]
    pub(crate) fleet: PathBuf,

    /// The folder that holds the rendered tree. What hallpass did not write there stays as it is
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Write nothing: show what would change, and exit with 1 if anything would
    #[arg(long)]
    pub(crate) check: bool,

    /// What to print
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: Output,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Status {
    /// AllowlistSynchronizers as `kubectl get allowlistsynchronizer -o yaml` prints them, or - for stdin
    #[arg(value_name = "FILE|-")]
    pub(crate) file: Option<PathBuf>,

    /// The cluster's allowlists, as `kubectl get workloadallowlist -o yaml` prints them: what is Installed must be there
    #[arg(short, long, value_name = "PATH|-", num_args = 1)]
    pub(crate) allowlists: Vec<PathBuf>,

    /// What the cluster should have: a synchronizer of this Fleet file that is missing, or lacks a path, is not ready
    #[arg(long, value_name = "FILE")]
    pub(crate) fleet: Option<PathBuf>,

    /// Which cluster of the fleet it is; needed when the fleet has several
    #[arg(long, value_name = "NAME", requires = "fleet")]
    pub(crate) cluster: Option<String>,

    /// Ask instead whether the allowlist of this file is gone from spec, status and cluster
    #[arg(long, value_name = "PATH", num_args = 1, requires = "allowlists", conflicts_with = "fleet", value_parser = file_path)]
    pub(crate) removed: Vec<String>,

    /// When the objects were read, such as 2026-01-02T10:00:00Z; the clock's time if not given
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) now: Option<Timestamp>,

    /// What to print
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: Output,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Partners {
    /// Only those that have this in their name, a path or a label
    #[arg(value_name = "WORD", value_parser = Word, hide_possible_values = true)]
    pub(crate) word: Option<String>,

    /// What to print
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: Output,
}

#[derive(Args, Debug)]
#[command(after_help = "It listens on 127.0.0.1 until it is stopped, and prints the address of the page.")]
pub(crate) struct Serve {
    /// Where to listen; 0 takes any port that is free
    #[arg(long, value_name = "PORT", default_value = "7171")]
    pub(crate) port: u16,
}

fn file_path(path: &str) -> Result<String, &'static str> {
    if !is_allowlist_path(status::file_path(path)) {
        return Err(
            "write it as in `spec.allowlistPaths`, `dir/file.yaml`, or with its bucket, `gs://BUCKET/dir/file.yaml`",
        );
    }
    if path.ends_with('*') {
        return Err("name each file: nothing says any more which ones the folder had");
    }
    Ok(path.to_owned())
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "a time looks like `2026-01-02T10:00:00Z`")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people
    Pretty,
    /// One object, described by `hallpass schema`
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// The bytes that a cluster runs, in a sandbox
    Wasm,
    /// Native code: faster, without limits to time and memory
    Native,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WasmAction {
    /// Write a module to a file
    Export {
        /// Which one
        module: ModuleName,
        /// The file, or - for stdout
        #[arg(short, long, value_name = "FILE|-")]
        output: PathBuf,
    },
    /// Print the SHA-256 of each module, as sha256sum does
    Digest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModuleName {
    /// For any Wasm host: JSON in, JSON out, no imports
    Plain,
    /// For Kubewarden's policy server
    Kubewarden,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// What `render` reads
    Fleet,
    /// A WorkloadAllowlist
    Allowlist,
    /// An AllowlistSynchronizer
    Synchronizer,
    /// What `check -o json` prints
    Report,
    /// What `render -o json` prints
    Render,
    /// What `status -o json` prints
    Status,
    /// What `partners -o json` prints
    Partners,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes every stream that is opened from now on follow the choice.
    pub(crate) fn write_global(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
