//! The folder that the bench judges, written anew each time: the same bytes in every run, on every machine.

use std::path::PathBuf;
use std::{fs, io};

use crate::failure::{Failure, Result};
use crate::workspace::{remove_folder, target};

#[path = "../../../host/examples/agent/mod.rs"]
pub(super) mod agent;

const FILES: usize = 200;
const IN_A_FILE: usize = 5;
/// One DaemonSet in so many has a variable that the allowlist lacks.
pub(super) const DENIED_IN: usize = 10;

pub(super) struct Folder {
    pub(super) workloads: PathBuf,
    pub(super) allowlist: PathBuf,
    pub(super) manifests: usize,
    pub(super) files: usize,
    pub(super) bytes: usize,
}

pub(super) fn write() -> Result<Folder> {
    let root = target().join("bench");
    try_write(root.clone()).map_err(|error| {
        Failure::new(format!("cannot write the manifests of the bench to {}: {error}", root.display()))
    })
}

fn try_write(root: PathBuf) -> io::Result<Folder> {
    // Files that an earlier version wrote would be judged too.
    remove_folder(&root)?;
    let workloads = root.join("workloads");
    let allowlist = root.join("allowlist.yaml");
    fs::create_dir_all(&workloads)?;
    fs::write(&allowlist, agent::ALLOWLIST)?;
    let mut bytes = 0;
    for file in 0..FILES {
        let numbers = file * IN_A_FILE..(file + 1) * IN_A_FILE;
        let documents: Vec<String> =
            numbers.map(|number| agent::daemonset(number, number % DENIED_IN == 0)).collect();
        let text = documents.join("---\n");
        bytes += text.len();
        fs::write(workloads.join(format!("agents-{file:03}.yaml")), text)?;
    }
    Ok(Folder { workloads, allowlist, manifests: FILES * IN_A_FILE, files: FILES, bytes })
}
