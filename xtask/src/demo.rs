//! `cargo xtask demo`: checks the examples step by step, and renders the fleet.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::setup;
use crate::workspace::{build_binary, cannot_start, root};

struct Step {
    says: &'static str,
    file: &'static str,
    exit: i32,
}

const STEPS: [Step; 4] = [
    Step {
        says: "A partner's agent violates Autopilot's constraints. The allowlist named in its label exempts it:",
        file: "examples/agent.yaml",
        exit: 0,
    },
    Step {
        says: "The next version adds an environment variable and a host path. The installed allowlist has neither:",
        file: "examples/agent-upgraded.yaml",
        exit: 1,
    },
    Step {
        says: "The image comes from a private mirror. The allowlist contains its digest, so it is still exempted:",
        file: "examples/agent-mirrored.yaml",
        exit: 0,
    },
    Step {
        says: "An ordinary Deployment violates no constraint and needs no allowlist:",
        file: "examples/web.yaml",
        exit: 0,
    },
];

pub(crate) fn run() -> Result<()> {
    setup::add_wasm_target()?;
    // A debug build prints its first line minutes earlier than one with link-time optimization.
    // With the features of the whole workspace, as the tests need them: they do not build the dependencies again.
    let hallpass = build_binary("hallpass", "dev", &["--workspace"])?;
    for Step { says, file, exit } in STEPS {
        let arguments = ["check", file, "--allowlists", "examples/allowlists"];
        println!("\n{says}\n\n$ hallpass {}\n", arguments.join(" "));
        step(&hallpass, &arguments, exit)?;
    }
    render(&hallpass)?;
    println!("\nSee `hallpass check --help` and `hallpass render --help` for more.");
    Ok(())
}

/// Renders the example fleet to a temporary folder.
fn render(hallpass: &Path) -> Result<()> {
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("cannot create a temporary folder: {error}")))?;
    let out = folder.path().join("hallpass");
    let shown = out.display().to_string();
    println!(
        "\nA fleet file says which clusters install which allowlists, and how. From it comes what Git holds for Flux, for \
         Argo CD, or for kubectl alone:\n\n$ hallpass render --fleet examples/fleet.yaml --out {shown} --quiet\n"
    );
    step(hallpass, &["render", "--fleet", "examples/fleet.yaml", "--out", &shown, "--quiet"], 0)?;
    let mut tree = format!("{shown}\n");
    draw(&out, 1, &mut tree).map_err(|error| Failure::new(format!("{shown} cannot be read: {error}")))?;
    print!("{tree}");
    Ok(())
}

fn draw(folder: &Path, depth: usize, tree: &mut String) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let is_folder = entry.file_type()?.is_dir();
        let slash = if is_folder { "/" } else { "" };
        tree.push_str(&format!("{}{}{slash}\n", "  ".repeat(depth), entry.file_name().display()));
        if is_folder {
            draw(&entry.path(), depth + 1, tree)?;
        }
    }
    Ok(())
}

fn step(hallpass: &Path, arguments: &[&str], exit: i32) -> Result<()> {
    let status = Command::new(hallpass).args(arguments).current_dir(root()).status();
    let status = status.map_err(|error| cannot_start("hallpass", &error))?;
    if status.code() == Some(exit) {
        return Ok(());
    }
    Err(Failure::new(format!("this step ended with {status} instead of exit code {exit}"))
        .help("`cargo test --package hallpass examples` shows what has changed"))
}
