//! `cargo xtask setup`: installs what the other tasks need.

mod python;
mod system;
mod toolchain;

use crate::failure::Result;

pub(crate) use python::{has_python_program, has_re2, install_maturin, path_with_python, python_program};
pub(crate) use system::{CHROMIUM, has_program, missing_for_page};
pub(crate) use toolchain::{add_target, add_wasm_target};

/// Installs everything. A missing part of the toolchain is an error; without the rest, tests are skipped.
pub(crate) fn run() -> Result<()> {
    let installed = [toolchain::add()?, system::install(), python::install()];
    if installed == [false; 3] {
        println!("setup: nothing is missing");
    }
    Ok(())
}
