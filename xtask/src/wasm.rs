//! `cargo xtask wasm`: the module of docs/abi.md.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Result;
use crate::setup;
use crate::workspace::{root, run, target};

pub(crate) fn build() -> Result<()> {
    setup::run()?;
    make()?;
    println!("{}", module().display());
    Ok(())
}

/// Makes what [`module`] says.
pub(crate) fn make() -> Result<()> {
    run(command(), "cargo rustc --package hallpass-policy")?;
    optimization().map_or(Ok(()), |command| run(command, "wasm-opt"))
}

/// Builds the module.
pub(crate) fn command() -> Command {
    hallpass_module::command(root(), &target())
}

/// What makes the module of what was built; none without `wasm-opt`.
pub(crate) fn optimization() -> Option<Command> {
    hallpass_module::optimization(&target())
}

/// Where the module is.
pub(crate) fn module() -> PathBuf {
    hallpass_module::path(&target())
}

/// Where the module is that rustc makes.
pub(crate) fn built() -> PathBuf {
    hallpass_module::built(&target())
}
