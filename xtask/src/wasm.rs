//! `cargo xtask wasm`: the module of docs/abi.md.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Result;
use crate::setup;
use crate::workspace::{cargo, run, target};

/// The one target of the module: Wasm without a system under it.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm";

pub(crate) fn build() -> Result<()> {
    setup::run()?;
    run(command(), "cargo rustc --package hallpass-policy")?;
    println!("{}", module().display());
    Ok(())
}

/// Builds the module. A `cdylib` is asked for here only, so that no other build of the crate links one.
pub(crate) fn command() -> Command {
    let mut command =
        cargo(&["rustc", "--locked", "--package", "hallpass-policy", "--lib", "--crate-type", "cdylib"]);
    command.args(["--features", "abi-plain", "--target", TARGET, "--profile", PROFILE]);
    command.arg("--target-dir").arg(target());
    command
}

/// Where the built module is.
pub(crate) fn module() -> PathBuf {
    target().join(TARGET).join(PROFILE).join("hallpass_policy.wasm")
}
