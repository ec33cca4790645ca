//! `cargo xtask setup`: what is missing is installed, through rustup.

use std::process::Command;

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
    if missing.is_empty() {
        println!("setup: nothing is missing");
        return Ok(());
    }
    let list = missing.join(" ");
    println!("setup: installing {list}");
    let status = Command::new("rustup").args(["component", "add"]).args(&missing).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new(format!("`rustup component add {list}` failed"))
            .help("its message above says why; without a network, install them on this machine beforehand")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("{list} is missing, and there is no rustup to install it with"))
                .help("install it the way this machine's Rust was installed, or install rustup"))
        }
        Err(error) => Err(cannot_start("rustup", &error)),
    }
}
