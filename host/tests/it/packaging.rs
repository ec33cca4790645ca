//! What users install and run elsewhere: the wheel, the pre-commit hooks, the GitHub Action, the recipes of docs/ci.md, and
//! the files of a release.

#[cfg(unix)]
mod action;
#[cfg(unix)]
mod hooks;
#[cfg(unix)]
mod recipes;
mod release;
#[cfg(unix)]
mod wheel;

use std::fs;
use std::path::Path;

/// Writes a shell script that others find on their `PATH`.
#[cfg(unix)]
fn write_program(folder: &Path, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;

    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}")).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The text of a file of the repository.
fn file(name: &str) -> String {
    let path = crate::support::repository().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
