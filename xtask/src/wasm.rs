//! `cargo xtask wasm`: the module of docs/abi.md.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::Result;
use crate::setup;
use crate::workspace::{cargo, root, run, target};

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
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", anonymous_paths());
    command
}

/// Panics name their source file: the module must not carry the folders of whoever built it.
fn anonymous_paths() -> OsString {
    let mut flags = OsString::from("--remap-path-prefix=");
    flags.push(root());
    flags.push("=hallpass");
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    if let Some(home) = home {
        flags.push(" --remap-path-prefix=");
        flags.push(home);
        flags.push("=cargo");
    }
    flags
}

/// Where the built module is.
pub(crate) fn module() -> PathBuf {
    target().join(TARGET).join(PROFILE).join("hallpass_policy.wasm")
}
