//! Linters of everything that is not Rust.

use std::process::Command;

use super::step::Step;
use crate::setup;
use crate::workspace::root;

/// The scripts that shellcheck reads.
const SCRIPTS: [&str; 5] = [
    ".ci/run",
    "packaging/action/check.sh",
    "packaging/action/comment.sh",
    "packaging/action/install.sh",
    "xtask/src/wheel/cargo.sh",
];

pub(super) fn steps() -> [Step; 5] {
    [spelling(), scripts(), workflows(), risks(), image()]
}

/// Typos, and the words that CONTRIBUTING.md asks not to use.
fn spelling() -> Step {
    let step = Step::new("spelling", setup::python_program("typos")).hint("exceptions belong in typos.toml");
    step.needs(setup::has_python_program("typos"), "`typos` was not found")
}

fn scripts() -> Step {
    let mut shellcheck = Command::new("shellcheck");
    shellcheck.args(SCRIPTS).current_dir(root());
    Step::new("scripts", shellcheck).needs(setup::has_program("shellcheck"), "`shellcheck` was not found")
}

/// The workflows: syntax, expressions, and the inputs of the actions that they use.
fn workflows() -> Step {
    let step = Step::new("workflows", setup::python_program("actionlint"));
    step.needs(setup::has_python_program("actionlint"), "`actionlint` was not found")
}

/// What an attacker could use in the workflows and in the GitHub Action. zizmor leaves out what it would look up.
fn risks() -> Step {
    let mut zizmor = setup::python_program("zizmor");
    zizmor.args(["--offline", "--no-progress", "--pedantic", ".github", "action.yml"]);
    let step = Step::new("workflow risks", zizmor).hint("https://docs.zizmor.sh describes each audit");
    step.needs(setup::has_python_program("zizmor"), "`zizmor` was not found")
}

fn image() -> Step {
    let mut hadolint = setup::python_program("hadolint");
    hadolint.arg("packaging/container/Dockerfile");
    Step::new("Dockerfile", hadolint).needs(setup::has_python_program("hadolint"), "`hadolint` was not found")
}
