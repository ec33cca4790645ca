//! `cargo xtask fuzz`: libFuzzer looks for inputs that break a law.

mod log;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, cargo, has, root, run as run_shown, target};
use log::Outcome;

/// The targets: `fuzz/fuzz_targets` has a file for each.
const TARGETS: [&str; 3] = ["reader", "patterns", "decide"];

/// The package of the targets.
const PACKAGE: &str = "hallpass-fuzz";

/// The longest input that is tried, in bytes. Longer ones find nothing more, more slowly.
const LONGEST: usize = 4096;

#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// How long to look, all targets together
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Where to look; everywhere by default
    #[arg(value_name = "TARGET", value_parser = TARGETS)]
    targets: Vec<String>,
}

pub(crate) fn run(fuzz: &Fuzz) -> Result<()> {
    if !has("fuzz") {
        return Err(
            Failure::new("cargo-fuzz is not there").help("`cargo install --locked cargo-fuzz` gets it")
        );
    }
    let named: Vec<&str> = fuzz.targets.iter().map(String::as_str).collect();
    let targets = if named.is_empty() { &TARGETS[..] } else { &named };
    for name in targets {
        write_seeds(name)?;
        run_shown(cargo_fuzz("build", name), &format!("cargo fuzz build {name}"))?;
    }
    let count = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let seconds = (fuzz.seconds / count).max(1);
    let mut findings = 0;
    for name in targets {
        println!("{name}: looking for {seconds} s");
        let outcome = look(name, seconds)?;
        println!("{name}: {outcome}");
        findings += usize::from(outcome.finding.is_some());
    }
    if findings > 0 {
        return Err(Failure::new(format!("{findings} of {} targets broke a law", targets.len()))
            .help("CONTRIBUTING.md says what to do with a finding"));
    }
    Ok(())
}

fn look(name: &str, seconds: u32) -> Result<Outcome> {
    let folder = folder(name);
    try_look(name, seconds, &folder)
        .map_err(|error| Failure::new(format!("cannot write to {}: {error}", folder.display())))?
}

fn try_look(name: &str, seconds: u32, folder: &Path) -> io::Result<Result<Outcome>> {
    let (corpus, findings, log) = (folder.join("corpus"), folder.join("findings"), folder.join("log"));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&findings)?;
    let mut command = cargo_fuzz("run", name);
    // What is new goes to the first folder: the next run starts from there.
    command.arg(&corpus).arg(folder.join("seeds")).arg("--");
    command.arg(format!("-artifact_prefix={}/", findings.display()));
    command.arg(format!("-dict={}", root().join("fuzz/words.dict").display()));
    command.args([format!("-max_total_time={seconds}"), format!("-max_len={LONGEST}")]);
    command.args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    let output = File::create(&log)?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let status = match command.status() {
        Ok(status) => status,
        Err(error) => return Ok(Err(cannot_start("cargo fuzz run", &error))),
    };
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    Ok(Outcome::read(name, &text, status.success()).ok_or_else(|| {
        Failure::new(format!("`cargo fuzz run {name}` failed: {status}"))
            .help(format!("{} says why", log.display()))
    }))
}

/// Without sanitizers: they need a nightly compiler, and look for what safe code does not do. `unsafe` is denied.
fn cargo_fuzz(subcommand: &str, name: &str) -> Command {
    let mut command =
        cargo(&["fuzz", subcommand, "--features", "libfuzzer", "--sanitizer", "none", "--release", name]);
    // Link-time optimization takes minutes and finds nothing; a finding without symbols is hard to read.
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_STRIP", "none");
    command
}

/// Writes the inputs that a search of the target starts from.
fn write_seeds(name: &str) -> Result<()> {
    let mut seeds = cargo(&["run", "--quiet", "--locked", "--package", PACKAGE, "--example", "seeds", "--"]);
    seeds.arg(name).arg(folder(name).join("seeds"));
    run_shown(seeds, &format!("seeds {name}"))
}

fn folder(name: &str) -> PathBuf {
    target().join("fuzz").join(name)
}
