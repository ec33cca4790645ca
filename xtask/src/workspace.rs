//! The workspace that xtask belongs to, and the cargo that started it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Cargo, in the workspace's root: a task does the same from whatever folder it is started.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root());
    command
}

/// Whether a subcommand of cargo is there and works.
pub(crate) fn has(subcommand: &str) -> bool {
    let mut command = cargo(&[subcommand, "--version"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a command that shows its own output.
pub(crate) fn run(mut command: Command, name: &str) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(name, &error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` failed: {status}"))) }
}

pub(crate) fn cannot_start(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{name}` cannot be started: {error}")).help("is it installed and on the `PATH`?")
}

/// Builds the binary and says where it is.
pub(crate) fn build(profile: &str) -> Result<PathBuf> {
    let name = "cargo build --package hallpass";
    run(
        cargo(&["build", "--locked", "--package", "hallpass", "--bin", "hallpass", "--profile", profile]),
        name,
    )?;
    // The profile `dev` builds into a folder of another name.
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target().join(folder).join(format!("hallpass{}", std::env::consts::EXE_SUFFIX)))
}

/// Where cargo builds: above this very program, so that every setting of cargo's is honoured.
pub(crate) fn target() -> PathBuf {
    let folder = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.to_path_buf()));
    folder.unwrap_or_else(|| root().join("target"))
}
