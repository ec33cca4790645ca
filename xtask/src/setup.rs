//! `cargo xtask setup`: what is missing is installed, through rustup.

use std::process::Command;

use hallpass_module::{TARGET, has_target};

use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, has};

/// Components of the toolchain, and the subcommand that each brings.
const COMPONENTS: [(&str, &str); 2] = [("rustfmt", "fmt"), ("clippy", "clippy")];

pub(crate) fn run() -> Result<()> {
    let missing: Vec<&str> = COMPONENTS
        .iter()
        .filter(|(_, subcommand)| !has(subcommand))
        .map(|(component, _)| *component)
        .collect();
    let has_target = has_target().map_err(|error| cannot_start("rustc", &error))?;
    if missing.is_empty() && has_target {
        println!("setup: nothing is missing");
        return Ok(());
    }
    if !missing.is_empty() {
        install("component", &missing, "without a network, install them on this machine beforehand")?;
    }
    if !has_target {
        install("target", &[TARGET], "without a network, install this target's standard library beforehand")?;
    }
    Ok(())
}

fn install(what: &str, names: &[&str], offline: &str) -> Result<()> {
    let list = names.join(" ");
    println!("setup: installing {list}");
    let status = Command::new("rustup").args([what, "add"]).args(names).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new(format!("`rustup {what} add {list}` failed"))
            .help(format!("its message above says why; {offline}"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("{list} is missing, and there is no rustup to install it with"))
                .help("install it the way this machine's Rust was installed, or install rustup"))
        }
        Err(error) => Err(cannot_start("rustup", &error)),
    }
}
