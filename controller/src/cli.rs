//! The command line.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hallpass_controller::settings::Settings;
use k8s_openapi::jiff::SignedDuration;

/// Installs the allowlists that AllowlistSynchronizers name, on clusters outside GKE
#[derive(Debug, Parser)]
#[command(name = "hallpass-controller", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// How to write the log, to stderr
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  not everything is in force (once), or not ready in time (wait)
  2  invalid command line
  3  a location or the cluster cannot be used";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object per line
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Keep the cluster's allowlists in step until stopped
    Run(Run),
    /// Sync every synchronizer once
    ///
    /// For a CronJob or a pipeline. The exit code tells whether everything that the synchronizers name is in force.
    Once {
        #[command(flatten)]
        settings: Settings,
    },
    /// Wait until synchronizers are ready, on GKE too
    ///
    /// As strict as `hallpass status`: the status is about the current spec, and every file that the spec names is
    /// installed.
    Wait {
        /// The synchronizers
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        /// How long to wait
        #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration)]
        timeout: Duration,
    },
    /// Print the two CustomResourceDefinitions
    Crds,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) settings: Settings,

    /// How often files are read again
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = interval)]
    pub(crate) interval: Duration,

    /// The address for `/healthz`, `/readyz` and `/metrics`
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:8080")]
    pub(crate) listen: SocketAddr,

    /// Work only while holding the Lease `hallpass-controller`
    #[arg(long)]
    pub(crate) leader_elect: bool,

    /// The namespace of the Lease; by default, that of the Pod
    #[arg(long, value_name = "NAMESPACE")]
    pub(crate) lease_namespace: Option<String>,
}

fn duration(text: &str) -> Result<Duration, String> {
    let parsed =
        SignedDuration::from_str(text).map_err(|_| "write a duration such as `90s`, `10m` or `1h`")?;
    Duration::try_from(parsed).map_err(|_| "a duration cannot be negative".to_owned())
}

fn interval(text: &str) -> Result<Duration, String> {
    const SHORTEST: Duration = Duration::from_secs(1);
    let interval = duration(text)?;
    if interval < SHORTEST { Err("the shortest interval is `1s`".to_owned()) } else { Ok(interval) }
}
