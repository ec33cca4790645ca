//! `hallpass lint`, over a repository of allowlists.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use super::command::{cost, wall};
use super::folder::agent;
use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::target;

/// Odd, so that the median is one of them.
const RUNS: usize = 5;

const FILES: usize = 1000;

pub(super) fn measure(hallpass: &Path) -> Result<Figure> {
    let folder = target().join("bench").join("allowlists");
    write(&folder).map_err(|error| {
        Failure::new(format!("cannot write the allowlists of the bench to {}: {error}", folder.display()))
    })?;
    let lint = || {
        let mut command = Command::new(hallpass);
        // The target is for two cores, whatever this machine has.
        command.arg("lint").arg(&folder).env("RAYON_NUM_THREADS", "2");
        command
    };
    // The patterns are those of a real partner, and some of them deserve a warning.
    let costs = (0..RUNS).map(|_| cost(lint(), 1)).collect::<Result<Vec<_>>>()?;
    Ok(Figure {
        name: "`hallpass lint` of 1,000 allowlists of 300 lines, 2 cores, wall",
        measured: wall(&costs),
        target: 1.0,
        unit: Unit::Seconds,
    })
}

fn write(folder: &PathBuf) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let text = shortened();
    for number in 0..FILES {
        let name = format!("acme-agent-{number:04}-v7.64.1");
        let text = text.replace("acme-agent-v7.64.1", &name);
        fs::write(folder.join(format!("{name}.yaml")), text)?;
    }
    Ok(())
}

/// The allowlist of the bench with two of four containers, and with three quarters of the digests: 300 lines.
fn shortened() -> String {
    /// The number of digests that are left out.
    const DIGESTS: usize = 27;
    let without = |text: &str, start: &str, end: &str| match (text.split_once(start), text.split_once(end)) {
        (Some((before, _)), Some((_, after))) => format!("{before}{end}{after}"),
        _ => text.to_owned(),
    };
    let text = without(agent::ALLOWLIST, "    - name: trace-agent\n", "    - name: agent\n");
    let text = without(&text, "  initContainers:\n", "  volumes:\n");
    let lines = text.lines().count().saturating_sub(DIGESTS);
    text.lines().take(lines).map(|line| format!("{line}\n")).collect()
}
