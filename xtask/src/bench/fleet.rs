//! A large fleet, rendered as a user renders it: read, checked, and written into a folder that is not there yet.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use super::command::{cost, wall};
use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::{remove_folder, target};

const CLUSTERS: usize = 500;
const SYNCHRONIZERS: usize = 40;
/// Odd, so that the median is one of them.
const RUNS: usize = 3;

pub(super) fn measure(hallpass: &Path) -> Result<Vec<Figure>> {
    let root = target().join("bench-fleet");
    let failed = |error: io::Error| {
        Failure::new(format!("cannot write the fleet of the bench to {}: {error}", root.display()))
    };
    remove_folder(&root).and_then(|()| fs::create_dir_all(&root)).map_err(failed)?;
    let file = root.join("fleet.yaml");
    fs::write(&file, fleet()).map_err(failed)?;
    let render = |run: usize, check: bool| {
        let out = root.join(format!("tree-{run}"));
        let mut command = Command::new(hallpass);
        command.arg("render").arg("--fleet").arg(&file).arg("--out").arg(&out).env("RAYON_NUM_THREADS", "2");
        if check {
            command.arg("--check");
        }
        command
    };
    let (mut written, mut checked) = (Vec::new(), Vec::new());
    // Each tree stays until the end: ext4 is slow to make files where it has just deleted as many.
    for run in 0..RUNS {
        written.push(cost(render(run, false), 0)?);
        checked.push(cost(render(run, true), 0)?);
    }
    remove_folder(&root).map_err(failed)?;
    let seconds = |name, costs| Figure { name, measured: wall(costs), target: 2.0, unit: Unit::Seconds };
    Ok(vec![
        seconds("`hallpass render`, 500 clusters and 40 synchronizers, into a new folder", &written),
        seconds("`hallpass render --check` of the same", &checked),
    ])
}

/// Every cluster installs every synchronizer, by Flux, which needs the most objects.
fn fleet() -> String {
    let mut text =
        "apiVersion: hallpass.dev/v1alpha1\nkind: Fleet\nmetadata: {name: bench}\nspec:\n  clusters:\n"
            .to_owned();
    for cluster in 0..CLUSTERS {
        let _ = writeln!(
            text,
            "  - {{name: cluster-{cluster:03}, labels: {{env: prod}}, gkeVersion: 1.35.6-gke.1049000, path: \
             clusters/cluster-{cluster:03}}}"
        );
    }
    text.push_str("  synchronizers:\n");
    for synchronizer in 0..SYNCHRONIZERS {
        let _ = writeln!(
            text,
            "  - {{name: partner-{synchronizer:02}, clusters: {{matchLabels: {{env: prod}}}}, allowlistPaths: \
             [Partner-{synchronizer:02}/agent/agent-v1.0.0.yaml]}}"
        );
    }
    text.push_str("  delivery:\n  - {clusters: {}, flux: {sourceRef: {kind: GitRepository, name: fleet}, treePath: .}}\n");
    text
}
