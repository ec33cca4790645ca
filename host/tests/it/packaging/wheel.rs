//! The wheel, installed by pip.
//!
//! `HALLPASS_WHEELS` names the folder with the wheel that `cargo xtask wheel` has built; `cargo xtask test` sets it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::support::{hallpass, repository};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn wheels() -> Option<PathBuf> {
    let wheels = std::env::var_os("HALLPASS_WHEELS").map(PathBuf::from);
    if wheels.is_none() {
        println!("skipped: `HALLPASS_WHEELS` names no folder; `cargo xtask wheel` builds the wheel");
    }
    wheels
}

pub(super) fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn only_entry(folder: &Path, suffix: &str) -> PathBuf {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(suffix)).collect();
    let [entry] = found.as_slice() else { panic!("{}: {found:?}", folder.display()) };
    entry.clone()
}

#[test]
fn pip_installs_the_command_and_the_list_of_its_components() {
    let Some(wheels) = wheels() else { return };
    let folder = tempfile::tempdir().unwrap();
    run(Command::new("virtualenv").arg("--quiet").arg(folder.path()));
    let python = folder.path().join("bin/python3");
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-index",
        "--find-links",
    ]);
    run(pip.arg(&wheels).arg(format!("hallpass-policy=={VERSION}")));

    let installed = folder.path().join("bin/hallpass");
    let version = run(Command::new(&installed).arg("--version"));
    assert_eq!(version.stdout, run(hallpass().arg("--version")).stdout);
    let mut check = Command::new(&installed);
    check.args(["check", "examples/agent.yaml", "-a", "examples/allowlists"]).current_dir(repository());
    run(&mut check);

    let packages = only_entry(&folder.path().join("lib"), "").join("site-packages");
    let information = packages.join(format!("hallpass_policy-{VERSION}.dist-info"));
    assert!(information.join("licenses/LICENSE").is_file());
    let components = fs::read(information.join("sboms/hallpass.cyclonedx.json")).unwrap();
    let components: Json = serde_json::from_slice(&components).unwrap();
    assert_eq!(components["bomFormat"], "CycloneDX");
    assert_eq!(components["metadata"]["component"]["version"], VERSION);
    let names =
        |wanted: &str| components["components"].as_array().unwrap().iter().any(|it| it["name"] == wanted);
    for name in ["wasmtime", "hallpass-policy", "saphyr-parser"] {
        assert!(names(name), "{name}");
    }
    assert!(!names("proptest"), "only tests need it");
}
