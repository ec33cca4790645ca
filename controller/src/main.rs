//! `hallpass-controller`: AllowlistSynchronizers for every cluster.

mod cli;
mod command;

use std::process::ExitCode;

use clap::Parser as _;

use cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    // kube and object_store use the same cryptographic library.
    let _ = rustls::crypto::ring::default_provider().install_default();
    command::run(Cli::parse()).await
}
