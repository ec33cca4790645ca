//! `hallpass compile`, over a repository of large allowlists.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use super::command::{cost, wall};
use super::folder::agent;
use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::target;

/// Odd, so that the median is one of them.
const RUNS: usize = 7;

const FILES: usize = 100;

pub(super) fn measure(hallpass: &Path) -> Result<Figure> {
    let folder = target().join("bench").join("compiled");
    write(&folder).map_err(|error| {
        Failure::new(format!("cannot write the allowlists of the bench to {}: {error}", folder.display()))
    })?;
    let compile = || {
        let mut command = Command::new(hallpass);
        command.args(["compile", "--quiet", "--shard", "label", "--allowlists"]).arg(&folder);
        command
    };
    let costs = (0..RUNS).map(|_| cost(compile(), 0)).collect::<Result<Vec<_>>>()?;
    Ok(Figure {
        name: "`hallpass compile` of 100 allowlists of 600 lines, a policy each, wall",
        measured: wall(&costs),
        target: 0.5,
        unit: Unit::Seconds,
    })
}

fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for number in 0..FILES {
        let name = format!("acme-agent-{number:03}-v7.64.1");
        fs::write(
            folder.join(format!("{name}.yaml")),
            agent::ALLOWLIST.replace("acme-agent-v7.64.1", &name),
        )?;
    }
    Ok(())
}
