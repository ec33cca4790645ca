//! The commands for authors of allowlists.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::command::{cost, wall};
use super::folder::{Folder, agent};
use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::target;

/// Odd, so that the median is one of them.
const RUNS: usize = 15;

pub(super) fn measure(hallpass: &Path, folder: &Folder) -> Result<Vec<Figure>> {
    let wider = target().join("bench").join("wider.yaml");
    // Every pattern of the other version is compared with a list of patterns.
    fs::write(&wider, agent::ALLOWLIST.replace("[A-Z", "[0-9A-Z")).map_err(|error| {
        Failure::new(format!("cannot write the allowlist of the bench to {}: {error}", wider.display()))
    })?;
    let generate = || {
        let mut command = Command::new(hallpass);
        command.arg("generate").arg(&folder.workloads);
        command
    };
    let diff = || {
        let mut command = Command::new(hallpass);
        command.arg("diff").args([&folder.allowlist, &wider]);
        command
    };
    let generated = (0..RUNS).map(|_| cost(generate(), 0)).collect::<Result<Vec<_>>>()?;
    // It exits with 1 because the new version permits more, and nothing was compared otherwise.
    let compared = (0..RUNS).map(|_| cost(diff(), 1)).collect::<Result<Vec<_>>>()?;
    Ok(vec![
        Figure {
            name: "`hallpass generate` for the folder, wall",
            measured: wall(&generated),
            target: 1.0,
            unit: Unit::Seconds,
        },
        Figure {
            name: "`hallpass diff` of two allowlists of 600 lines, wall",
            measured: wall(&compared) * 1e3,
            target: 50.0,
            unit: Unit::Milliseconds,
        },
    ])
}
