//! `cargo xtask wheel`: builds the Python wheel of the command, for pip and pre-commit.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::failure::{Failure, Result};
use crate::setup;
use crate::workspace::{remove_folder, root, run, target};

#[derive(Debug, Args)]
pub(crate) struct Wheel {
    /// Build with optimizations
    #[arg(long)]
    release: bool,
    /// Build for another target than this machine
    #[arg(long, value_name = "TRIPLE", requires = "release")]
    target: Option<String>,
}

pub(crate) fn build(wheel: &Wheel) -> Result<()> {
    setup::add_wasm_target()?;
    if let Some(triple) = &wheel.target {
        setup::add_target(triple)?;
    }
    setup::install_maturin()?;
    clear()?;
    let mut maturin = setup::python_program("maturin");
    maturin.args(["build", "--out"]).arg(folder());
    if wheel.release {
        maturin.arg("--release");
        maturin.args(wheel.target.iter().flat_map(|triple| ["--target", triple]));
        if wheel.target.as_ref().is_some_and(|triple| triple.ends_with("-linux-musl")) {
            // A static binary runs with every C library.
            maturin.args(["--compatibility", "manylinux2014", "--compatibility", "musllinux_1_2"]);
        }
    } else {
        // Compressing a debug build takes longer than building the rest.
        maturin.args(["--profile", "dev", "--compression-method", "stored"]);
        if cfg!(unix) {
            maturin
                .env("HALLPASS_CARGO", std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
            maturin.env("CARGO", root().join("xtask/src/wheel/cargo.sh"));
        }
    }
    run(maturin, "maturin build")
}

/// The folder with the last wheel and no other.
pub(crate) fn folder() -> PathBuf {
    target().join("wheels")
}

fn clear() -> Result<()> {
    let folder = folder();
    remove_folder(&folder)
        .map_err(|error| Failure::new(format!("`{}` cannot be removed: {error}", folder.display())))
}
