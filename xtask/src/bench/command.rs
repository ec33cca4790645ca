//! Figures of the whole program: wall time, processor time and memory of a child process.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use super::folder::{DENIED_IN, Folder};
use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::cannot_start;

/// Odd, so that the median is one of them.
const RUNS: usize = 15;

/// What one run took.
pub(super) struct Cost {
    wall: Duration,
    processor: Duration,
    memory: u64,
}

pub(super) fn measure(hallpass: &Path, folder: &Folder) -> Result<Vec<Figure>> {
    let check = |engine: &str| {
        let mut command = Command::new(hallpass);
        command.arg("check").arg(&folder.workloads).arg("--allowlists").arg(&folder.allowlist);
        command.args(["--engine", engine]);
        // The target is for two cores, whatever this machine has.
        command.env("RAYON_NUM_THREADS", "2");
        command
    };
    // Also warms the page cache.
    require_verdicts(check("wasm"), folder)?;
    require_verdicts(check("native"), folder)?;
    let mut wasm = Vec::new();
    let mut native = Vec::new();
    let mut json = Vec::new();
    let mut sarif = Vec::new();
    let printed = |format: &str| {
        let mut command = check("wasm");
        command.args(["-o", format]);
        command
    };
    for _ in 0..RUNS {
        // In turn: the machine's speed drifts.
        wasm.push(cost(check("wasm"), 1)?);
        native.push(cost(check("native"), 1)?);
        json.push(cost(printed("json"), 1)?);
        sarif.push(cost(printed("sarif"), 1)?);
    }
    let version = || {
        let mut command = Command::new(hallpass);
        command.arg("--version");
        command
    };
    let versions = (0..RUNS).map(|_| cost(version(), 0)).collect::<Result<Vec<_>>>()?;
    let seconds = |name, measured, target| Figure { name, measured, target, unit: Unit::Seconds };
    let megabytes =
        |name, costs| Figure { name, measured: memory(costs), target: 60.0, unit: Unit::Megabytes };
    Ok(vec![
        seconds("`hallpass check` on the folder, 2 cores, wall", median(&wasm, |cost| cost.wall), 0.35),
        megabytes("`hallpass check` on the folder, peak memory", &wasm),
        seconds("with `--engine native`, wall", median(&native, |cost| cost.wall), 0.25),
        seconds("with `--engine native`, processor time", median(&native, |cost| cost.processor), 0.4),
        megabytes("with `--engine native`, peak memory", &native),
        Figure {
            name: "with `-o sarif`, wall",
            measured: wall(&sarif) / wall(&json),
            target: 1.3,
            unit: Unit::TimesJson,
        },
        Figure {
            name: "start-up: `hallpass --version`",
            measured: median(&versions, |cost| cost.wall) * 1e3,
            target: 10.0,
            unit: Unit::Milliseconds,
        },
    ])
}

/// The most that any run used, in megabytes.
#[expect(clippy::cast_precision_loss, reason = "shown without digits")]
fn memory(costs: &[Cost]) -> f64 {
    costs.iter().map(|cost| cost.memory).max().unwrap_or(u64::MAX) as f64 / 1e6
}

/// A bench that measures wrong verdicts measures nothing.
fn require_verdicts(mut check: Command, folder: &Folder) -> Result<()> {
    let output = check.output().map_err(|error| cannot_start("hallpass", &error))?;
    let report = String::from_utf8_lossy(&output.stdout);
    let all = folder.manifests;
    let denied = all / DENIED_IN;
    let expected = format!("{all} workloads: {} exempted, {denied} denied\n", all - denied);
    if report.contains(&expected) {
        return Ok(());
    }
    let tail: Vec<&str> = report.lines().rev().take(2).collect();
    Err(Failure::new(format!(
        "the bench expects `{}`, and hallpass ended with `{}`",
        expected.trim(),
        tail.join(" ")
    )))
}

/// Runs a command whose output is thrown away.
pub(super) fn cost(mut command: Command, exit: i32) -> Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let used = command.spawn().and_then(|mut child| child.wait4());
    let wall = start.elapsed();
    let used = used.map_err(|error| cannot_start("hallpass", &error))?;
    if used.status.code() != Some(exit) {
        return Err(Failure::new(format!("hallpass ended with {}, not with exit code {exit}", used.status)));
    }
    Ok(Cost { wall, processor: used.rusage.utime + used.rusage.stime, memory: used.rusage.maxrss })
}

/// The median, in seconds.
pub(super) fn wall(costs: &[Cost]) -> f64 {
    median(costs, |cost| cost.wall)
}

/// In seconds.
fn median(costs: &[Cost], of: impl Fn(&Cost) -> Duration) -> f64 {
    let mut durations: Vec<Duration> = costs.iter().map(of).collect();
    durations.sort_unstable();
    durations.get(durations.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}
