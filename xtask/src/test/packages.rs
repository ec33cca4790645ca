//! The packages that tests install or look into.

use std::process::Command;

use super::step::Step;
use crate::failure::Result;
use crate::workspace::task;
use crate::{release, setup, wheel};

/// Builds the packages from what other steps have built.
pub(super) fn steps() -> Result<[Step; 2]> {
    let mut files = task("release")?;
    files.arg("--built");
    Ok([
        Step::new("wheel", task("wheel")?).needs(has_wheel(), "`maturin` and `pre-commit` were not found"),
        Step::new("release files", files)
            .needs(has_release(), "Node and an npm with the command `sbom` were not found"),
    ])
}

/// Tells a test where the packages are.
pub(super) fn name_in(test: &mut Command) {
    if has_wheel() {
        test.env("HALLPASS_WHEELS", wheel::folder());
    }
    if has_release() {
        test.env("HALLPASS_RELEASE", release::folder());
    }
}

fn has_wheel() -> bool {
    ["maturin", "pre-commit"].into_iter().all(setup::has_python_program)
}

fn has_release() -> bool {
    setup::missing_for_page().is_none() && release::can_list_components()
}
