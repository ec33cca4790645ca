//! `cargo xtask setup`: what is missing is installed, through rustup, and through apt where this is root on Debian.

use std::process::{Command, Stdio};

use hallpass_module::{TARGET, has_target};

use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, has};

/// Components of the toolchain, and the subcommand that each brings.
const COMPONENTS: [(&str, &str); 2] = [("rustfmt", "fmt"), ("clippy", "clippy")];

/// What builds the page, and what tries it, with Debian's packages of them. Text takes a font.
const FOR_PAGE: [(&str, &[&str]); 3] =
    [("node", &["nodejs"]), ("npm", &["npm"]), (CHROMIUM, &["chromium", "fonts-dejavu-core"])];

/// What tries the page.
pub(crate) const CHROMIUM: &str = "chromium";

pub(crate) fn run() -> Result<()> {
    let missing: Vec<&str> = COMPONENTS
        .iter()
        .filter(|(_, subcommand)| !has(subcommand))
        .map(|(component, _)| *component)
        .collect();
    let has_target = has_target().map_err(|error| cannot_start("rustc", &error))?;
    let page = missing_programs();
    if missing.is_empty() && has_target && page.is_empty() {
        println!("setup: nothing is missing");
        return Ok(());
    }
    if !missing.is_empty() {
        install("component", &missing, "without a network, install them on this machine beforehand")?;
    }
    if !has_target {
        install("target", &[TARGET], "without a network, install this target's standard library beforehand")?;
    }
    install_for_page(&page);
    Ok(())
}

/// The program without which the page cannot be built.
pub(crate) fn missing_for_page() -> Option<&'static str> {
    missing_programs().into_iter().find(|program| *program != CHROMIUM)
}

/// Whether a program is there and works.
pub(crate) fn has_program(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn missing_programs() -> Vec<&'static str> {
    FOR_PAGE.iter().map(|(program, _)| *program).filter(|program| !has_program(program)).collect()
}

/// Without the page everything else still goes: that it is missing is told, and is no failure.
fn install_for_page(missing: &[&str]) {
    if missing.is_empty() {
        return;
    }
    let list = missing.join(", ");
    if !is_root() || !has_program("apt-get") {
        println!(
            "setup: {list}: not there. The page is built by Node and npm, and tried in Chromium: install them for it"
        );
        return;
    }
    let packages = FOR_PAGE.iter().filter(|(program, _)| missing.contains(program));
    let packages: Vec<&str> = packages.flat_map(|(_, packages)| packages.iter().copied()).collect();
    println!("setup: installing {}", packages.join(" "));
    let update = apt(&["update", "-qq"]);
    let install = ["install", "-qq", "--yes", "--no-install-recommends"];
    if !update || !apt(&[&install[..], &packages].concat()) {
        println!(
            "setup: apt could not install {list}; its message above says why. The page goes untested without"
        );
    }
}

fn apt(arguments: &[&str]) -> bool {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
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
