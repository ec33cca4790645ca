//! `cargo xtask`: what a developer of hallpass runs, the same on every machine and in CI.

mod bench;
mod demo;
mod dist;
mod failure;
mod fuzz;
mod setup;
mod test;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a developer of hallpass runs.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what the other tasks need
    Setup,
    /// Install what a build needs, build hallpass, and judge the examples
    Demo,
    /// Install what tests need, then check format, lints, tests, dependencies and documentation
    Test(test::Test),
    /// Build the Wasm module and say where it is
    Wasm,
    /// Build the npm package and the page, and say where they are
    Dist,
    /// Measure, and compare with the targets
    Bench,
    /// Look for inputs that break a law
    Fuzz(fuzz::Fuzz),
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Setup => setup::run().map(|()| ExitCode::SUCCESS),
        Task::Demo => demo::run().map(|()| ExitCode::SUCCESS),
        Task::Test(test) => test::run(test),
        Task::Wasm => wasm::build().map(|()| ExitCode::SUCCESS),
        Task::Dist => dist::build().map(|()| ExitCode::SUCCESS),
        Task::Bench => bench::run().map(|()| ExitCode::SUCCESS),
        Task::Fuzz(fuzz) => fuzz::run(&fuzz).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|failure| {
        eprint!("{failure}");
        ExitCode::FAILURE
    })
}
