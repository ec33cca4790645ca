//! `cargo xtask wasm`: the module of docs/abi.md.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Result;
use crate::setup;
use crate::workspace::{root, run, target};

pub(crate) fn build() -> Result<()> {
    setup::run()?;
    run(command(), "cargo rustc --package hallpass-policy")?;
    println!("{}", module().display());
    Ok(())
}

/// Builds the module.
pub(crate) fn command() -> Command {
    hallpass_module::command(root(), &target())
}

/// Where the built module is.
pub(crate) fn module() -> PathBuf {
    hallpass_module::path(&target())
}
