//! google-re2, which the differential test of patterns asks, in a virtual environment below the target folder.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::system::has_program;
use crate::workspace::target;

/// Pinned: its answers are compared with ours.
const PACKAGE: &str = "google-re2==1.1.20251105";

/// Installs it if no Python has it; says whether it was missing. A failure is reported and is none.
pub(super) fn install() -> bool {
    if has_re2() {
        return false;
    }
    if !has_program("python3") {
        return true;
    }
    println!("setup: installing {PACKAGE}");
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment()));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE];
    if !made || !run(Command::new(programs().join("python3")).args(pip)) {
        println!("setup: {PACKAGE} could not be installed; the message above says why. Its test is skipped");
    }
    true
}

/// Whether the `python3` that tests find has it.
pub(crate) fn has_re2() -> bool {
    let mut python = Command::new("python3");
    // The environment's own program, when it exists, comes first on this path.
    python.env("PATH", path_with_re2()).args(["-c", "import re2"]);
    python.output().is_ok_and(|output| output.status.success())
}

/// The `PATH` on which tests find a `python3` with google-re2.
pub(crate) fn path_with_re2() -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [programs()].into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).unwrap_or(path)
}

fn environment() -> PathBuf {
    target().join("python")
}

fn programs() -> PathBuf {
    environment().join(if cfg!(windows) { "Scripts" } else { "bin" })
}

fn run(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).status().is_ok_and(|status| status.success())
}
