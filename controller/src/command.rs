//! Runs the commands.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hallpass_controller::metrics::Metrics;
use hallpass_controller::settings::Settings;
use hallpass_controller::source::Bucket;
use hallpass_controller::{http, leader, once, run as runner, wait};
use hallpass_renderer::controller::{self, Controller};
use hallpass_renderer::object::write;
use kube::{Client, Config};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command, LogFormat, Manifests, Run};

/// Not everything is in force, or ready.
const INCOMPLETE: u8 = 1;
/// A location or the cluster cannot be used.
const UNUSABLE: u8 = 3;

pub(crate) async fn run(cli: Cli) -> ExitCode {
    log(cli.log_format);
    let result = match cli.command {
        Command::Run(arguments) => run_controller(arguments).await.map(|()| ExitCode::SUCCESS),
        Command::Once { settings } => sync_once(&settings).await,
        Command::Wait { names, timeout } => match client().await {
            Ok(client) => Ok(match wait::wait(client, &names, timeout).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(missing) => {
                    missing.iter().for_each(|line| eprintln!("error: {line}"));
                    ExitCode::from(INCOMPLETE)
                }
            }),
            Err(error) => Err(error),
        },
        Command::Crds => print(hallpass_schemas::CRDS),
        Command::Manifests(arguments) => manifests(arguments).and_then(|text| print(&text)),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(UNUSABLE)
    })
}

fn log(format: LogFormat) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,kube_runtime=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
}

/// Writes a text to stdout, where a closed pipe is not an error.
fn print(text: &str) -> Result<ExitCode, String> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write to stdout: {error}"))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn manifests(arguments: Manifests) -> Result<String, String> {
    arguments.settings.check()?;
    let Manifests { settings, image, interval, namespace, replicas, annotations, env_from_secret } =
        arguments;
    let bucket = |bucket: Bucket| (bucket.name, bucket.url.to_string());
    Ok(write(&controller::manifests(&Controller {
        image,
        repository: settings.repository.to_string(),
        buckets: settings.buckets.into_iter().map(bucket).collect(),
        authorized_paths: settings.authorized_paths,
        gke_version: settings.gke_version.map(|version| version.to_string()),
        interval: interval.text,
        namespace,
        replicas,
        service_account_annotations: annotations.into_iter().collect(),
        env_from_secret,
        enforce: settings.enforcement.manifest(),
    })))
}

async fn client() -> Result<Client, String> {
    Client::try_default().await.map_err(|error| format!("no cluster is configured: {error}"))
}

/// Returns an error on GKE: two controllers would fight over the same objects.
async fn refuse_gke(client: &Client) -> Result<(), String> {
    let version = client.apiserver_version().await.map_err(hallpass_controller::cluster::shown)?.git_version;
    if version.contains("-gke.") {
        return Err(format!(
            "this is GKE {version}, which has its own controller: two would fight; only `wait` works here"
        ));
    }
    Ok(())
}

async fn sync_once(settings: &Settings) -> Result<ExitCode, String> {
    let client = client().await?;
    refuse_gke(&client).await?;
    let pass = once::once(client, settings).await?;
    for (name, problems) in &pass.incomplete {
        problems.iter().for_each(|problem| eprintln!("error: `{name}`: {problem}"));
    }
    println!(
        "{} of {} synchronizers are complete",
        pass.synchronizers - pass.incomplete.len(),
        pass.synchronizers
    );
    Ok(if pass.incomplete.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}

async fn run_controller(arguments: Run) -> Result<(), String> {
    let Run { settings, interval, listen, leader_elect, lease_namespace } = arguments;
    let client = client().await?;
    refuse_gke(&client).await?;
    let stop = stop_signal()?;
    let metrics = Arc::new(Metrics::default());
    // A replica that waits to lead counts as ready.
    let is_ready = Arc::new(AtomicBool::new(leader_elect));
    http::serve(listen, metrics.clone(), is_ready.clone()).await?;
    let work = |ended: watch::Receiver<bool>| {
        is_ready.store(false, Ordering::Relaxed);
        let end = leader::becomes_true(ended);
        runner::run(client.clone(), &settings, interval.duration, metrics.clone(), is_ready.clone(), end)
    };
    if !leader_elect {
        return work(stop).await;
    }
    let namespace = match lease_namespace {
        Some(namespace) => namespace,
        None => Config::infer().await.map_err(|error| error.to_string())?.default_namespace,
    };
    let identity = std::env::var("HOSTNAME").unwrap_or_else(|_| format!("process-{}", std::process::id()));
    leader::lead(client.clone(), &namespace, &identity, stop, work).await
}

/// Becomes true when the process is asked to stop.
fn stop_signal() -> Result<watch::Receiver<bool>, String> {
    let unusable = |error| format!("signals cannot be received: {error}");
    let mut terminate = signal(SignalKind::terminate()).map_err(unusable)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unusable)?;
    let mut signaled = async move || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let (sender, stop) = watch::channel(false);
    tokio::spawn(async move {
        signaled().await;
        tracing::info!("stopping");
        sender.send_replace(true);
        signaled().await;
        tracing::warn!("stopping at once");
        std::process::exit(1);
    });
    Ok(stop)
}
