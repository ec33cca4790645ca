//! `cargo xtask`: development tasks for hallpass, the same on every machine and in CI.

mod bench;
mod demo;
mod dist;
mod failure;
mod fuzz;
mod release;
mod setup;
mod test;
mod wasm;
mod wheel;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development tasks for hallpass
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
    /// Install what a build needs, build hallpass, and check the examples
    Demo,
    /// Install what tests need, then check format, lints, tests, dependencies and documentation
    Test(test::Test),
    /// Build the Wasm modules and print their paths
    Wasm,
    /// Build the npm package and the page, and print their paths
    Dist,
    /// Build the Python wheel of the command
    Wheel(wheel::Wheel),
    /// Collect the files of a release that are the same on every platform, and print their folder
    Release(release::Release),
    /// Run the benchmarks, and compare the results with the targets
    Bench(bench::Bench),
    /// Fuzz: search for inputs that violate a property
    Fuzz(fuzz::Fuzz),
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Setup => setup::run().map(|()| ExitCode::SUCCESS),
        Task::Demo => demo::run().map(|()| ExitCode::SUCCESS),
        Task::Test(test) => test::run(test),
        Task::Wasm => wasm::build().map(|()| ExitCode::SUCCESS),
        Task::Dist => dist::build().map(|()| ExitCode::SUCCESS),
        Task::Wheel(wheel) => wheel::build(&wheel).map(|()| ExitCode::SUCCESS),
        Task::Release(release) => release::make(&release).map(|()| ExitCode::SUCCESS),
        Task::Bench(bench) => bench::run(&bench).map(|()| ExitCode::SUCCESS),
        Task::Fuzz(fuzz) => fuzz::run(&fuzz).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|failure| {
        eprint!("{failure}");
        ExitCode::FAILURE
    })
}
