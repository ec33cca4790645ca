//! Programs that tests need, with their Debian packages. As root on Debian, installs them through apt.

use std::process::{Command, Stdio};

struct Program {
    name: &'static str,
    packages: &'static [&'static str],
    /// Whether the page needs it to build.
    builds_page: bool,
}

const PROGRAMS: [Program; 5] = [
    Program { name: "node", packages: &["nodejs"], builds_page: true },
    Program { name: "npm", packages: &["npm"], builds_page: true },
    // Without a font, the page shows no text.
    Program { name: CHROMIUM, packages: &["chromium", "fonts-dejavu-core"], builds_page: false },
    // Runs google-re2, with which the differential test of patterns compares, and installs the wheel.
    Program { name: "python3", packages: &["python3", "python3-venv"], builds_page: false },
    // Also checks the scripts within workflows: actionlint calls it.
    Program { name: "shellcheck", packages: &["shellcheck"], builds_page: false },
];

/// The browser in which the page is tested.
pub(crate) const CHROMIUM: &str = "chromium";

/// Installs missing programs and returns whether any were missing. A failure is only reported: the tests are then
/// skipped.
pub(super) fn install() -> bool {
    let missing: Vec<&Program> = PROGRAMS.iter().filter(|program| !has_program(program.name)).collect();
    if missing.is_empty() {
        return false;
    }
    let names: Vec<&str> = missing.iter().map(|program| program.name).collect();
    let names = names.join(", ");
    if !is_root() || !has_program("apt-get") {
        println!("setup: {names} not found. Install them, or some tests are skipped");
        return true;
    }
    let packages: Vec<&str> = missing.iter().flat_map(|program| program.packages).copied().collect();
    println!("setup: installing {}", packages.join(" "));
    let install = ["install", "-qq", "--yes", "--no-install-recommends"];
    if !apt(&["update", "-qq"]) || !apt(&[&install[..], &packages].concat()) {
        println!("setup: apt failed to install {names}; see its message above. Some tests are skipped");
    }
    true
}

/// Returns the first missing program that the page needs to build.
pub(crate) fn missing_for_page() -> Option<&'static str> {
    let builders = PROGRAMS.iter().filter(|program| program.builds_page);
    builders.map(|program| program.name).find(|name| !has_program(name))
}

/// Whether a program is installed and works.
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
