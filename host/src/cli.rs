//! The command line.

mod compile;
mod diff;
mod digests;
mod lint;
mod mirror;

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use hallpass_policy::GkeVersion;
use hallpass_policy::synchronizer::is_allowlist_path;
use hallpass_renderer::status::{self, Timestamp};
use hallpass_report::generate::object_name;

pub(crate) use lint::{Fixes, Lint};

use crate::chart_runs::ChartValues;
use crate::command::partners::Word;
use crate::output::destination::{Format, Outputs};
use crate::semantics::{Section, Topic};
pub(crate) use compile::Compile;
pub(crate) use diff::Diff;
pub(crate) use digests::Digests;
pub(crate) use mirror::{Copier, Mirror};

/// Would GKE Autopilot admit this workload? If not, which field on which line does it refuse?
///
/// Checks Kubernetes manifests against the constraints of GKE Autopilot and the WorkloadAllowlists of partners,
/// offline. hallpass never accesses the network.
#[derive(Debug, Parser)]
#[command(name = "hallpass", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// When to use colors; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  success: nothing of what 1 lists
  1  a workload is denied, and no exception of the config covers the denial; a test has failed; a mistake was found; a synchronizer is not ready; the rendered tree is out of date; no allowlist can admit a workload; the new version of an allowlist permits more; with mirror --check, an image is not listed
  2  invalid usage
  3  input that cannot be read or is invalid, or nothing to check (takes precedence over 1)
  4  an internal error (takes precedence over all others)

`hallpass explain exit-codes` lists them by command";

const CHECK_EXIT_CODES: &str = "\
Exit codes:
  0  every workload is admitted or exempted, or its denial is an exception of the config
  1  a workload is denied
  2  invalid usage
  3  input that cannot be read or built, or is invalid, or nothing to check (takes precedence over 1)
  4  an internal error (takes precedence over all others)";

const TEST_EXIT_CODES: &str = "\
Exit codes:
  0  every test has passed; with --update, every expectation is up to date
  1  a test has failed
  2  invalid usage
  3  input that cannot be read or is invalid, or nothing to test (takes precedence over 1)
  4  an internal error (takes precedence over all others)";

const RENDER_EXIT_CODES: &str = "\
Exit codes:
  0  the rendered tree is written; with --check, it is up to date; with --diff, the fleets are compared
  1  with --check: the rendered tree is out of date
  2  invalid usage
  3  input that cannot be read or is invalid, or a tree that cannot be written (takes precedence over 1)
  4  an internal error";

const STATUS_EXIT_CODES: &str = "\
Exit codes:
  0  every synchronizer is ready; with --removed, every file is gone
  1  a synchronizer is not ready or missing; with --removed, a file remains
  2  invalid usage
  3  input that cannot be read or is invalid, or nothing to check (takes precedence over 1)
  4  an internal error";

const GENERATE_AFTER_HELP: &str = "\
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

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check workloads: admitted, exempted by which allowlist, or denied because of which field
    Check(Check),
    /// Test that workloads have the expected verdicts, as described in YAML files
    Test(Test),
    /// Find mistakes in WorkloadAllowlists, AllowlistSynchronizers, fleets and test files
    Lint(Lint),
    /// Render the manifests that install allowlists on clusters from Git, in order, or forbid them
    Render(Render),
    /// Compile allowlists to ValidatingAdmissionPolicies, with which any Kubernetes cluster enforces them itself
    Compile(Compile),
    /// Check AllowlistSynchronizers: are all their allowlists installed?
    Status(Status),
    /// Generate the allowlist that admits workloads, and as little else as an allowlist can express
    Generate(Generate),
    /// Compare two versions of allowlists by meaning, or the verdicts on two versions of workloads
    Diff(Diff),
    /// Rewrite manifests for images that are copied to another registry, by digest
    Mirror(Mirror),
    /// Write the digests of images into an allowlist
    Digests(Digests),
    /// Print a rule, as documented in docs/semantics.md, a rule of `hallpass lint`, or a class of `hallpass diff`
    Explain {
        /// A rule's id such as M7 or image-with-tag, a constraint's name, a class such as host-path, or a section such as
        /// exit-codes; by default, lists all of them
        #[arg(value_name = "ID", value_parser = Topic, hide_possible_values = true)]
        ids: Vec<Section>,
    },
    /// List Google's partners, with the known paths of their allowlists
    Partners(Partners),
    /// Serve the page that checks manifests in the browser, on this machine only
    Serve(Serve),
    /// Export the Wasm modules that this binary embeds, for admission controllers
    Wasm {
        /// The action
        #[command(subcommand)]
        action: WasmAction,
    },
    /// Print a JSON Schema, or the custom resource definitions
    Schema {
        /// The schema
        name: SchemaName,
    },
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Args, Debug)]
#[command(after_help = CHECK_EXIT_CODES)]
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

#[derive(Args, Debug)]
#[command(after_help = TEST_EXIT_CODES)]
pub(crate) struct Test {
    /// Test files, as described by `hallpass schema test`, or folders that contain some
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Replace each `expect` that is not met with the result, for review. Everything else in the file stays as it is
    #[arg(long)]
    pub(crate) update: bool,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// How to evaluate: with the Wasm module that admission controllers load, or with the same code natively
    #[arg(long, value_name = "ENGINE", default_value = "wasm")]
    pub(crate) engine: EngineName,

    /// Print only what needs action
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Show the verdict of every workload, and explain each denial completely
    #[arg(long)]
    pub(crate) verbose: bool,
}

#[derive(Args, Debug)]
#[command(after_help = RENDER_EXIT_CODES)]
pub(crate) struct Render {
    /// The Fleet file
    #[arg(long, value_name = "FILE")]
    pub(crate) fleet: PathBuf,

    /// The folder for the rendered tree. Files that hallpass did not write there are not touched
    #[arg(long, value_name = "DIR", required_unless_present = "diff")]
    pub(crate) out: Option<PathBuf>,

    /// Write nothing: show what would change, and exit with 1 if anything would
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing: print what the change from another version of the fleet, in a file or - for stdin, means for each
    /// cluster
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["out", "check"])]
    pub(crate) diff: Option<PathBuf>,

    /// Treat warnings about the fleet as errors
    #[arg(long)]
    pub(crate) strict: bool,

    /// The output format
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: RenderOutput,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
#[command(after_help = STATUS_EXIT_CODES)]
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

#[derive(Args, Debug)]
#[command(after_help = GENERATE_AFTER_HELP)]
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

#[derive(Args, Debug)]
pub(crate) struct Partners {
    /// List only partners with this word in their name, a path or a label
    #[arg(value_name = "WORD", value_parser = Word, hide_possible_values = true)]
    pub(crate) word: Option<String>,

    /// The output format
    #[arg(short, long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) output: Output,
}

#[derive(Args, Debug)]
#[command(after_help = "Listens on 127.0.0.1 until it is stopped, and prints the URL of the page.")]
pub(crate) struct Serve {
    /// The port to listen on; 0 selects any free port
    #[arg(long, value_name = "PORT", default_value = "7171")]
    pub(crate) port: u16,
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

/// Standard input contains manifests.
fn config_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.as_os_str() == "-" {
        true => Err("a config must be a file, not stdin"),
        false => Ok(path),
    })
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

fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "a time looks like `2026-01-02T10:00:00Z`")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Text for people
    Pretty,
    /// One JSON object; `hallpass schema --help` lists the schemas
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderOutput {
    /// Text for people
    Pretty,
    /// One JSON object; `hallpass schema --help` lists the schemas
    Json,
    /// With --diff: text for pull requests
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// The module that a cluster runs, in a sandbox
    Wasm,
    /// Native code: faster, without time and memory limits
    Native,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WasmAction {
    /// Write a module to a file
    Export {
        /// The module
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
    /// The input of `render`
    Fleet,
    /// A WorkloadAllowlist
    Allowlist,
    /// An AllowlistSynchronizer
    Synchronizer,
    /// The custom resource definitions of the two, for clusters that are not GKE clusters
    Crds,
    /// A ConstraintProfile, the input of `check --profile`
    Profile,
    /// The config of `check`: its defaults and known denials
    Config,
    /// The settings of the Kubewarden policy
    KubewardenSettings,
    /// The input of `test`
    Test,
    /// The output of `test -o json`; it refers to the schema `report`
    TestReport,
    /// The output of `check -o json`
    Report,
    /// The output of `render -o json`
    Render,
    /// The output of `render --diff -o json`
    RenderDiff,
    /// The output of `status -o json`
    Status,
    /// The output of `lint -o json`
    Lint,
    /// The output of `diff -o json`
    Diff,
    /// The output of `diff --workloads -o json`
    VerdictDiff,
    /// The output of `partners -o json`
    Partners,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On terminals
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Applies the choice to every stream that is opened afterwards.
    pub(crate) fn write_global(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
