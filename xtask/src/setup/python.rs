//! Python packages for the tests, in a virtual environment below the target folder.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::system::has_program;
use crate::workspace::{root, target};

/// google-re2, which the differential test of patterns compares with, and the spell checker. Pinned: another version
/// may give other answers.
const PACKAGES: [&str; 2] = ["google-re2==1.1.20251105", "typos==1.52.0"];

/// Installs what is missing and returns whether anything was. A failure is only reported: the tests are then skipped.
pub(super) fn install() -> bool {
    if has_re2() && has_typos() {
        return false;
    }
    if !has_program("python3") {
        return true;
    }
    println!("setup: installing {}", PACKAGES.join(" "));
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment()));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    if !made || !run(Command::new(programs().join("python3")).args(pip).args(PACKAGES)) {
        println!("setup: pip failed; see its message above. The tests that need these packages are skipped");
    }
    true
}

/// Whether the `python3` that tests find has google-re2.
pub(crate) fn has_re2() -> bool {
    let mut python = Command::new("python3");
    python.env("PATH", path_with_re2()).args(["-c", "import re2"]);
    python.output().is_ok_and(|output| output.status.success())
}

/// Whether the spell checker is installed.
pub(crate) fn has_typos() -> bool {
    typos().arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The spell checker, over the whole repository.
pub(crate) fn typos() -> Command {
    let mut typos = Command::new("typos");
    typos.env("PATH", path_with_re2()).current_dir(root());
    typos
}

/// The `PATH` on which the virtual environment's programs come first.
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
