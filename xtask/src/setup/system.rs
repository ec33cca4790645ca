//! Programs that tests need, with Debian's packages of them: installed through apt, as root on Debian.

use std::process::{Command, Stdio};

struct Program {
    name: &'static str,
    packages: &'static [&'static str],
    /// The page cannot be built without it.
    builds_page: bool,
}

const PROGRAMS: [Program; 4] = [
    Program { name: "node", packages: &["nodejs"], builds_page: true },
    Program { name: "npm", packages: &["npm"], builds_page: true },
    // Without a font the page shows no text.
    Program { name: CHROMIUM, packages: &["chromium", "fonts-dejavu-core"], builds_page: false },
    // Runs google-re2, which the differential test of patterns asks.
    Program { name: "python3", packages: &["python3", "python3-venv"], builds_page: false },
];

/// The browser in which the page is tested.
pub(crate) const CHROMIUM: &str = "chromium";

/// Installs what is missing; says whether anything was. A failure is reported and is none: tests are skipped then.
pub(super) fn install() -> bool {
    let missing: Vec<&Program> = PROGRAMS.iter().filter(|program| !has_program(program.name)).collect();
    if missing.is_empty() {
        return false;
    }
    let names: Vec<&str> = missing.iter().map(|program| program.name).collect();
    let names = names.join(", ");
    if !is_root() || !has_program("apt-get") {
        println!("setup: not found: {names}. Install them, or some tests are skipped");
        return true;
    }
    let packages: Vec<&str> = missing.iter().flat_map(|program| program.packages).copied().collect();
    println!("setup: installing {}", packages.join(" "));
    let install = ["install", "-qq", "--yes", "--no-install-recommends"];
    if !apt(&["update", "-qq"]) || !apt(&[&install[..], &packages].concat()) {
        println!("setup: apt could not install {names}; its message above says why. Some tests are skipped");
    }
    true
}

/// The first program without which the page cannot be built.
pub(crate) fn missing_for_page() -> Option<&'static str> {
    let builders = PROGRAMS.iter().filter(|program| program.builds_page);
    builders.map(|program| program.name).find(|name| !has_program(name))
}

/// Whether a program is there and works.
pub(crate) fn has_program(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
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
