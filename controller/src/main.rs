//! `hallpass-controller`: AllowlistSynchronizers on clusters outside GKE.

mod cli;
mod command;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;

use cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // kube and object_store use the same cryptographic library.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: no thread can be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let exit = runtime.block_on(command::run(cli));
    // A file that blocks, such as a pipe, must not keep the process alive.
    runtime.shutdown_timeout(Duration::from_secs(1));
    exit
}
