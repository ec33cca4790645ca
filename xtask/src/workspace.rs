//! The workspace of xtask, and the cargo that started it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};

/// Returns the root of the workspace.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Runs cargo in the workspace's root, so that a task does not depend on the current folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root());
    command
}

/// Whether a subcommand of cargo is installed and works.
pub(crate) fn has(subcommand: &str) -> bool {
    let mut command = cargo(&[subcommand, "--version"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a command and shows its output.
pub(crate) fn run(mut command: Command, name: &str) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(name, &error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` failed: {status}"))) }
}

/// Returns a command that runs another task in a separate process.
pub(crate) fn task(name: &str) -> Result<Command> {
    let xtask = std::env::current_exe().map_err(|error| cannot_start("xtask", &error))?;
    let mut command = Command::new(xtask);
    command.arg(name);
    Ok(command)
}

/// Removes a folder, if it exists.
pub(crate) fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub(crate) fn cannot_start(name: &str, error: &io::Error) -> Failure {
    Failure::new(format!("`{name}` cannot be started: {error}")).help("is it installed and on the `PATH`?")
}

/// Builds a binary, with further arguments to cargo, and returns its path.
pub(crate) fn build_binary(binary: &str, profile: &str, others: &[&str]) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--locked", "--bin", binary, "--profile", profile]);
    build.args(others);
    run(build, &format!("cargo build --bin {binary}"))?;
    // The profile `dev` uses a folder with another name.
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(program(&target().join(folder), binary))
}

/// Returns the path of a program in a folder.
pub(crate) fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Returns cargo's target folder: a parent of this program, which respects all of cargo's settings.
pub(crate) fn target() -> PathBuf {
    let folder = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.to_path_buf()));
    folder.unwrap_or_else(|| root().join("target"))
}
