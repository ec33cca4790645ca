//! The parts of the toolchain that rustup installs. `rust-toolchain.toml` lists the same parts, but rustup reads it
//! only when it installs a toolchain, so an existing toolchain may lack them.

use std::io::ErrorKind;
use std::process::Command;

use hallpass_module::{TARGET, has_target};

use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, has};

/// Components of the toolchain, and the subcommand that each provides.
const COMPONENTS: [(&str, &str); 2] = [("rustfmt", "fmt"), ("clippy", "clippy")];

/// Adds missing parts and returns whether any were missing.
pub(super) fn add() -> Result<bool> {
    let missing: Vec<&str> = COMPONENTS
        .iter()
        .filter(|(_, subcommand)| !has(subcommand))
        .map(|(component, _)| *component)
        .collect();
    if !missing.is_empty() {
        rustup("component", &missing)?;
    }
    Ok(add_wasm_target()? || !missing.is_empty())
}

/// Adds the standard library for Wasm if it is missing, and returns whether it was. A build of hallpass needs nothing
/// else.
pub(crate) fn add_wasm_target() -> Result<bool> {
    if has_target().map_err(|error| cannot_start("rustc", &error))? {
        return Ok(false);
    }
    rustup("target", &[TARGET])?;
    Ok(true)
}

/// Adds the standard library for a target that a release is built for.
pub(crate) fn add_target(triple: &str) -> Result<()> {
    rustup("target", &[triple])
}

fn rustup(what: &str, names: &[&str]) -> Result<()> {
    let list = names.join(" ");
    println!("setup: installing {list}");
    let status = Command::new("rustup").args([what, "add"]).args(names).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new(format!("`rustup {what} add {list}` failed"))
            .help("its message above says why; without a network, install it on this machine beforehand")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Failure::new(format!("{list} is missing, and so is rustup, which would install it"))
                .help("install it the way this machine's Rust was installed, or install rustup"))
        }
        Err(error) => Err(cannot_start("rustup", &error)),
    }
}
