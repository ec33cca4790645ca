//! `cargo xtask wasm`: builds the modules of docs/abi.md and docs/kubewarden.md.

use std::path::PathBuf;
use std::process::Command;

use hallpass_module::Abi;

use crate::failure::{Failure, Result};
use crate::setup;
use crate::workspace::{cannot_start, root, run, target};

pub(crate) fn build() -> Result<()> {
    setup::run()?;
    for abi in Abi::ALL {
        make(abi)?;
        println!("{}", module(abi).display());
    }
    Ok(())
}

/// Builds the file that [`module`] returns.
pub(crate) fn make(abi: Abi) -> Result<()> {
    run(command(abi), &format!("cargo rustc --package {}", abi.package()))?;
    optimization(abi).map_or(Ok(()), |command| run(command, "wasm-opt"))?;
    hallpass_module::finish(abi, &target())
        .map_err(|error| Failure::new(format!("the module `{}` cannot be built: {error}", abi.name())))?;
    Ok(())
}

/// Runs [`build`] in a separate process.
pub(crate) fn build_command() -> Result<Command> {
    let xtask = std::env::current_exe().map_err(|error| cannot_start("xtask", &error))?;
    let mut command = Command::new(xtask);
    command.arg("wasm");
    Ok(command)
}

fn command(abi: Abi) -> Command {
    hallpass_module::command(abi, root(), &target())
}

fn optimization(abi: Abi) -> Option<Command> {
    hallpass_module::optimization(abi, &target())
}

/// Returns the path of a module.
pub(crate) fn module(abi: Abi) -> PathBuf {
    hallpass_module::path(abi, &target())
}

/// Returns the path of the module that rustc builds.
pub(crate) fn built(abi: Abi) -> PathBuf {
    hallpass_module::built(abi, &target())
}
