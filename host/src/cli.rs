//! The command line.

mod check;
mod compile;
mod diff;
mod digests;
mod generate;
mod lint;
mod mirror;
mod render;
mod status;
mod test;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use hallpass_renderer::status::Timestamp;

use crate::command::partners::Word;
use crate::semantics::{Section, Topic};

pub(crate) use check::Check;
pub(crate) use compile::Compile;
pub(crate) use diff::Diff;
pub(crate) use digests::Digests;
pub(crate) use generate::{Generate, PatternField};
pub(crate) use lint::{Fixes, Lint};
pub(crate) use mirror::{Copier, Mirror};
pub(crate) use render::{Render, RenderOutput};
pub(crate) use status::Status;
pub(crate) use test::Test;

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
