//! `hallpass test` over many tests in one file, with workloads of the size that people write into tests.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use super::command::{cost, wall};
use super::folder::agent;
use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, target};

const TESTS: usize = 1000;
/// One workload in so many is denied, and explained.
const DENIED_IN: usize = 10;
const EXEMPTED: &str = include_str!("../../../examples/agent.yaml");
const DENIED: &str = include_str!("../../../examples/agent-upgraded.yaml");
const ALLOWLIST: &str = include_str!("../../../examples/allowlists/acme-agent-v1.0.0.yaml");
/// Odd, so that the median is one of them.
const RUNS: usize = 15;

pub(super) fn measure(hallpass: &Path) -> Result<Vec<Figure>> {
    let root = target().join("bench-test");
    let failed = |error: io::Error| {
        Failure::new(format!("cannot write the tests of the bench to {}: {error}", root.display()))
    };
    fs::create_dir_all(&root).map_err(failed)?;
    let file = root.join("test.yaml");
    fs::write(&file, tests()).map_err(failed)?;
    let allowlists = root.join("allowlists");
    fs::create_dir_all(&allowlists).map_err(failed)?;
    fs::write(allowlists.join("acme.yaml"), ALLOWLIST).map_err(failed)?;
    fs::write(allowlists.join("large.yaml"), agent::ALLOWLIST).map_err(failed)?;
    let test = || {
        let mut command = Command::new(hallpass);
        command.arg("test").arg(&file).env("RAYON_NUM_THREADS", "2");
        command
    };
    require_passes(test())?;
    let costs = (0..RUNS).map(|_| cost(test(), 0)).collect::<Result<Vec<_>>>()?;
    fs::remove_dir_all(&root).map_err(failed)?;
    Ok(vec![Figure {
        name: "`hallpass test`, 1,000 inline tests, 2 cores, wall",
        measured: wall(&costs),
        target: 0.5,
        unit: Unit::Seconds,
    }])
}

/// A bench of tests that were not run measures nothing.
fn require_passes(mut test: Command) -> Result<()> {
    let output = test.output().map_err(|error| cannot_start("hallpass", &error))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let expected = format!("\n{TESTS} tests: {TESTS} passed\n");
    if printed.contains(&expected) {
        return Ok(());
    }
    let last = printed.lines().last().unwrap_or_default();
    Err(Failure::new(format!("the bench expects `{}`, and hallpass ended with `{last}`", expected.trim())))
}

fn tests() -> String {
    let mut text =
        "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  allowlists: [allowlists]\n  tests:\n"
            .to_owned();
    for number in 0..TESTS {
        let (workload, expect) = match number % DENIED_IN {
            0 => (DENIED, "{verdict: denied, mismatches: [M7, M11, M12]}"),
            _ => (EXEMPTED, "{verdict: exempted, allowlist: acme-agent-v1.0.0}"),
        };
        let _ = writeln!(text, "  - name: test {number}\n    expect: {expect}\n    workload:\n      inline:");
        for line in workload.lines() {
            let _ = writeln!(text, "        {line}");
        }
    }
    text
}
