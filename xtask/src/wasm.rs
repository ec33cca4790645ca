//! `cargo xtask wasm`: builds the modules of docs/abi.md and docs/kubewarden.md.

use std::path::PathBuf;

use hallpass_module::Abi;

use crate::failure::{Failure, Result};
use crate::setup;
use crate::workspace::{root, target};

pub(crate) fn build() -> Result<()> {
    setup::run()?;
    for abi in Abi::ALL {
        make(abi)?;
        println!("{}", module(abi).display());
    }
    Ok(())
}

/// Builds the file that [`module`] returns.
pub(crate) fn make(abi: Abi) -> Result<()> {
    hallpass_module::build(abi, root(), &target())
        .map_err(|error| Failure::new(format!("the module `{}` cannot be built: {error}", abi.name())))?;
    Ok(())
}

/// Returns the path of a module.
pub(crate) fn module(abi: Abi) -> PathBuf {
    hallpass_module::path(abi, &target())
}

/// Returns the path of the module that rustc builds.
pub(crate) fn built(abi: Abi) -> PathBuf {
    hallpass_module::built(abi, &target())
}
