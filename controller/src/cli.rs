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
  1  not everything is in force (once), not ready in time (wait), or stopped by a second signal
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
    /// Keep the cluster's allowlists in sync until stopped
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
    /// Print what a cluster needs to run the controller
    ///
    /// CRDs, namespace, RBAC, Deployment, NetworkPolicy, PodDisruptionBudget and admission policies. With Flux or Argo CD,
    /// `hallpass render` writes the same.
    Manifests(Manifests),
}

#[derive(Debug, Args)]
pub(crate) struct Manifests {
    #[command(flatten)]
    pub(crate) settings: Settings,

    /// The image of the controller, with a tag or digest
    #[arg(long, value_name = "IMAGE")]
    pub(crate) image: String,

    /// How often files are read again
    #[arg(long, value_name = "DURATION", default_value = "10m")]
    pub(crate) interval: Interval,

    /// The namespace of the controller
    #[arg(long, value_name = "NAMESPACE", default_value = "hallpass-system")]
    pub(crate) namespace: String,

    /// The number of replicas; one of them is active
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=9))]
    pub(crate) replicas: u32,

    /// An annotation of the service account, such as one of a cloud's workload identity
    #[arg(long = "service-account-annotation", value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) annotations: Vec<(String, String)>,

    /// A Secret in the namespace, with credentials as environment variables
    #[arg(long, value_name = "NAME")]
    pub(crate) env_from_secret: Option<String>,
}

/// The time between two rounds, parsed and as written.
#[derive(Clone, Debug)]
pub(crate) struct Interval {
    pub(crate) duration: Duration,
    pub(crate) text: String,
}

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const SHORTEST: Duration = Duration::from_secs(1);
        let duration = duration(text)?;
        if duration < SHORTEST {
            return Err("the shortest interval is `1s`".to_owned());
        }
        Ok(Interval { duration, text: text.to_owned() })
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write `KEY=VALUE`")?;
    Ok((key.to_owned(), value.to_owned()))
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) settings: Settings,

    /// How often files are read again
    #[arg(long, value_name = "DURATION", default_value = "10m")]
    pub(crate) interval: Interval,

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
